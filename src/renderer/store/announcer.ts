import type { StoreApi } from 'zustand/vanilla';
import type { Failure } from '../../shared/client-api/failure.ts';
import type { Strings } from '../../shared/text/en.ts';
import type { AppState } from './app-state.ts';

const TOAST_MS = 6_000;

/** What the window says by itself: in a corner, and to screen readers. */
export class Announcer {
  #toastKey = 0;

  constructor(
    private readonly store: StoreApi<AppState>,
    private readonly strings: Strings,
  ) {}

  toast(text: string, tone: 'plain' | 'bad' = 'plain'): void {
    const key = ++this.#toastKey;
    this.store.setState((state) => ({ toasts: [...state.toasts.slice(-2), { key, text, tone }] }));
    this.announce(text);
    setTimeout(() => this.dismiss(key), TOAST_MS);
  }

  dismiss(key: number): void {
    this.store.setState((state) => ({ toasts: state.toasts.filter((one) => one.key !== key) }));
  }

  announce(text: string): void {
    this.store.setState((state) => ({ announcement: { text, key: state.announcement.key + 1 } }));
  }

  /** The sentence for a failure: this catalogue's, else the one that came with it. */
  failureText({ reason, text, problem }: Failure): string {
    if (problem !== undefined) {
      const sentence = this.strings.problems[problem.kind];
      return problem.detail === undefined ? sentence : `${sentence} (${problem.detail})`;
    }
    // This reason has a sentence for each of many causes, which came with it.
    if (reason === 'cannot-connect') return text;
    const known: Readonly<Record<string, string>> = this.strings.failures;
    return Object.hasOwn(known, reason) ? (known[reason] ?? text) : text;
  }
}
