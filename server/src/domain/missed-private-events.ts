import { INTRODUCTION_LIMITS } from '../../../src/shared/limits.ts';
import type { AccountId } from '../store/store.ts';

/**
 * Events of private requests and sessions that a disconnected account has missed, until it returns on the same device
 * or leaves (F6). In memory only, and bounded.
 */
export class MissedPrivateEvents {
  readonly #events = new Map<AccountId, string[]>();

  /** @param isRepeated whether the peer repeats the event if it is lost */
  keep(account: AccountId, line: string, isRepeated: boolean): void {
    const lines = this.#events.get(account) ?? [];
    if (lines.length >= (isRepeated ? INTRODUCTION_LIMITS.missedRepeatedEvents : INTRODUCTION_LIMITS.missedEvents))
      return;
    lines.push(line);
    this.#events.set(account, lines);
  }

  /** Removes and returns the events of an account, in order. */
  take(account: AccountId): readonly string[] {
    const lines = this.#events.get(account) ?? [];
    this.#events.delete(account);
    return lines;
  }
}
