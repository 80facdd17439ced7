import type { Failure } from '../../shared/client-api/failure.ts';
import type { Strings } from '../../shared/text/en.ts';
import { failureText } from '../../shared/text/failure-text.ts';
import type { Announcer } from './announcer.ts';
import type { SliceStore } from './slice-store.ts';

const TOAST_MS = 6_000;
/** Older toasts that stay beside a new one. */
const OLDER_TOASTS = 2;

/** A short text that the window shows in a corner for some seconds, and announces. */
export interface Toast {
  readonly key: number;
  readonly text: string;
  readonly tone: 'plain' | 'bad';
}

export interface ToastState {
  readonly toasts: readonly Toast[];
}

export function initialToasts(): ToastState {
  return { toasts: [] };
}

export class ToastActions {
  #lastKey = 0;

  constructor(
    private readonly store: SliceStore<ToastState>,
    private readonly announcer: Announcer,
    private readonly strings: Strings,
  ) {}

  show(text: string, tone: Toast['tone'] = 'plain'): void {
    const key = ++this.#lastKey;
    this.store.setState((state) => ({ toasts: [...state.toasts.slice(-OLDER_TOASTS), { key, text, tone }] }));
    this.announcer.announce(text);
    setTimeout(() => this.dismiss(key), TOAST_MS);
  }

  showFailure(failure: Failure): void {
    this.show(failureText(this.strings, failure), 'bad');
  }

  dismiss(key: number): void {
    this.store.setState((state) => ({ toasts: state.toasts.filter((one) => one.key !== key) }));
  }
}
