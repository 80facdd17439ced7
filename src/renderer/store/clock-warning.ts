import type { Strings } from '../../shared/text/en.ts';
import { isClockWrong } from '../../shared/client-api/clock-offset.ts';
import type { ClientState } from './client.ts';
import type { ToastActions } from './toasts.ts';

/** Tells the user once that the clock of this computer is wrong (D10). */
export class ClockWarning {
  #told = false;

  constructor(
    private readonly toasts: ToastActions,
    private readonly strings: Strings,
  ) {}

  check({ view: { clockOffset } }: Pick<ClientState, 'view'>): void {
    if (this.#told || !isClockWrong(clockOffset)) return;
    this.#told = true;
    this.toasts.show(this.strings.clock(clockOffset), 'bad');
  }
}
