import type { Strings } from '../../shared/text/en.ts';
import type { ToastActions } from './toasts.ts';

export class ClipboardActions {
  constructor(
    private readonly toasts: ToastActions,
    private readonly strings: Strings,
  ) {}

  async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.toasts.show(this.strings.copied);
    } catch {
      this.toasts.show(this.strings.notCopied, 'bad');
    }
  }
}
