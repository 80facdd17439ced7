import type { StoreApi } from 'zustand/vanilla';
import type { Failure } from '../../shared/client-api/failure.ts';
import type { Strings } from '../../shared/text/en.ts';
import { failureText } from '../../shared/text/failure-text.ts';
import type { AppState } from './app-state.ts';

const NOTICE_MS = 6_000;

/** What the window says by itself: in a corner, and to screen readers. */
export class Voice {
  #noticeKey = 0;

  constructor(
    private readonly store: StoreApi<AppState>,
    private readonly strings: Strings,
  ) {}

  notice(text: string, tone: 'plain' | 'bad' = 'plain'): void {
    const key = ++this.#noticeKey;
    this.store.setState((state) => ({ notices: [...state.notices.slice(-2), { key, text, tone }] }));
    this.speak(text);
    setTimeout(() => this.dismiss(key), NOTICE_MS);
  }

  dismiss(key: number): void {
    this.store.setState((state) => ({ notices: state.notices.filter((one) => one.key !== key) }));
  }

  speak(text: string): void {
    this.store.setState((state) => ({ spoken: { text, key: state.spoken.key + 1 } }));
  }

  failureText(failure: Failure): string {
    return failureText(this.strings, failure);
  }
}
