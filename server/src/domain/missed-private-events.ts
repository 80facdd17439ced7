import { INTRODUCTION_LIMITS } from '../../../src/shared/limits.ts';
import type { AccountId } from '../store/store.ts';

/**
 * What somebody whose connection is gone misses of their private requests and sessions, until they are back on the same
 * device or have left (F6). In memory only, and bounded.
 */
export class MissedPrivateEvents {
  readonly #events = new Map<AccountId, string[]>();

  /** @param isRepeated the other side sends it again where it was lost */
  keep(account: AccountId, line: string, isRepeated: boolean): void {
    const lines = this.#events.get(account) ?? [];
    if (lines.length >= (isRepeated ? INTRODUCTION_LIMITS.missedRepeatedEvents : INTRODUCTION_LIMITS.missedEvents))
      return;
    lines.push(line);
    this.#events.set(account, lines);
  }

  /** Hands out what was kept of a account, in order, and keeps it no more. */
  take(account: AccountId): readonly string[] {
    const lines = this.#events.get(account) ?? [];
    this.#events.delete(account);
    return lines;
  }
}
