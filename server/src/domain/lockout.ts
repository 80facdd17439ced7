import { SIGN_IN_LIMITS } from '../../../src/shared/limits.ts';
import type { LockoutRecord } from '../store/store.ts';

/** Result of a failed password. */
export interface PasswordFailure {
  readonly record: LockoutRecord;
  readonly attemptsLeft: number;
  /** Milliseconds until the next sign-in is possible; 0 if the account is not locked. */
  readonly lockedForMs: number;
}

/**
 * Counts failed passwords and locks accounts (B2). Counts by canonical username over all connections and addresses, and
 * treats unknown usernames like existing ones. Callers check one attempt of a username at a time, so that parallel
 * attempts gain nothing.
 */
export class Lockout {
  readonly #known = new Map<string, LockoutRecord>();
  readonly #unknown = new Map<string, LockoutRecord>();

  /** @param blockMs duration of a lockout */
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

  /** @returns milliseconds until the next attempt is allowed; 0: now */
  lockedForMs(key: string, now: number): number {
    const record = this.#known.get(key) ?? this.#unknown.get(key);
    return record ? Math.max(0, record.lockedUntil - now) : 0;
  }

  /** Counts a failed password. @param isKnown whether the account exists */
  failed(key: string, isKnown: boolean, now: number): PasswordFailure {
    const before = this.#known.get(key) ?? this.#unknown.get(key);
    // An expired lockout resets the count.
    const failures = (before && before.failures < SIGN_IN_LIMITS.failuresToLock ? before.failures : 0) + 1;
    const locks = failures >= SIGN_IN_LIMITS.failuresToLock;
    const record = { key, failures, lockedUntil: locks ? now + this.blockMs : 0 };
    this.#unknown.delete(key);
    (isKnown ? this.#known : this.#unknown).set(key, record);
    this.#forgetOldest();
    return { record, attemptsLeft: SIGN_IN_LIMITS.failuresToLock - failures, lockedForMs: locks ? this.blockMs : 0 };
  }

  /** Resets the count after a right password. @returns whether there was one */
  succeeded(key: string): boolean {
    return this.#known.delete(key) || this.#unknown.delete(key);
  }

  #forgetOldest(): void {
    if (this.#unknown.size <= SIGN_IN_LIMITS.unknownNames) return;
    const [oldest] = this.#unknown.keys();
    if (oldest !== undefined) this.#unknown.delete(oldest);
  }
}
