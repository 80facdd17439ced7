import { SIGN_IN_LIMITS } from '../../../src/shared/limits.ts';
import type { LockoutRecord } from '../store/store.ts';

/** What a failed password led to. */
export interface PasswordFailure {
  readonly record: LockoutRecord;
  readonly attemptsLeft: number;
  /** Milliseconds until the name can sign in again; 0 where it is not locked. */
  readonly lockedForMs: number;
}

/**
 * Who may still try a password (B2). Counts by canonical name over all connections and addresses, for names that do not
 * exist just as for those that do. Callers judge one attempt of a name at a time, so that parallel ones gain nothing.
 */
export class Lockout {
  readonly #known = new Map<string, LockoutRecord>();
  readonly #unknown = new Map<string, LockoutRecord>();

  /** @param blockMs how long three failures lock a name */
  constructor(
    private readonly blockMs: number,
    records: Iterable<LockoutRecord>,
    isKnown: (key: string) => boolean,
  ) {
    for (const record of records) {
      (isKnown(record.key) ? this.#known : this.#unknown).set(record.key, record);
      this.#forgetOldest();
    }
  }

  /** @returns milliseconds until the name may try again; 0: now */
  lockedForMs(key: string, now: number): number {
    const record = this.#known.get(key) ?? this.#unknown.get(key);
    return record ? Math.max(0, record.lockedUntil - now) : 0;
  }

  /** Counts a failed password. @param isKnown whether there is such an account */
  failed(key: string, isKnown: boolean, now: number): PasswordFailure {
    const before = this.#known.get(key) ?? this.#unknown.get(key);
    // A lock that has run out took its failures with it.
    const failures = (before && before.failures < SIGN_IN_LIMITS.failuresToLock ? before.failures : 0) + 1;
    const locks = failures >= SIGN_IN_LIMITS.failuresToLock;
    const record = { key, failures, lockedUntil: locks ? now + this.blockMs : 0 };
    this.#unknown.delete(key);
    (isKnown ? this.#known : this.#unknown).set(key, record);
    this.#forgetOldest();
    return { record, attemptsLeft: SIGN_IN_LIMITS.failuresToLock - failures, lockedForMs: locks ? this.blockMs : 0 };
  }

  /** A right password clears the count. @returns whether there was one */
  succeeded(key: string): boolean {
    return this.#known.delete(key) || this.#unknown.delete(key);
  }

  #forgetOldest(): void {
    if (this.#unknown.size <= SIGN_IN_LIMITS.unknownNames) return;
    const [oldest] = this.#unknown.keys();
    if (oldest !== undefined) this.#unknown.delete(oldest);
  }
}
