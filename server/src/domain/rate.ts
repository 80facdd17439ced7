/** Shortest time that an emptied bucket stays shut. */
const SHUT_MS = 1_000;

/**
 * A token bucket that stays shut once it is empty until `retryAfterMs` has passed. Without that pause the messages
 * that a client has already under way behind a refused one would slip in before its retry and break the order (D4).
 */
export class RateLimit {
  #tokens: number;
  #at: number;
  #shutUntil = 0;

  /**
   * @param perSecond tokens that come back each second; 0: no limit
   * @param burst most tokens it holds
   */
  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    now: number,
  ) {
    this.#tokens = burst;
    this.#at = now;
  }

  /** @returns 0 where it may pass, else the milliseconds until it makes sense to try again */
  take(now: number): number {
    if (this.perSecond === 0) return 0;
    if (now < this.#shutUntil) return this.#shutUntil - now;
    // A clock that was set back must not take tokens away.
    const elapsed = Math.max(0, now - this.#at);
    this.#tokens = Math.min(this.burst, this.#tokens + (elapsed * this.perSecond) / 1_000);
    this.#at = now;
    if (this.#tokens >= 1) {
      this.#tokens--;
      return 0;
    }
    const shutMs = Math.max(SHUT_MS, Math.ceil(((1 - this.#tokens) * 1_000) / this.perSecond));
    this.#shutUntil = now + shutMs;
    return shutMs;
  }

  /** Whether it is full again and may be forgotten. */
  isIdle(now: number): boolean {
    return now >= this.#shutUntil && this.#tokens + ((now - this.#at) * this.perSecond) / 1_000 >= this.burst;
  }
}

/** Rate limits by name (an account, an address), each made when first needed and forgotten when full again. */
export class RateLimits<Key> {
  readonly #limits = new Map<Key, RateLimit>();

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
  ) {}

  /** @returns 0 where it may pass, else the milliseconds until it makes sense to try again */
  take(key: Key, now: number): number {
    let limit = this.#limits.get(key);
    if (!limit) {
      limit = new RateLimit(this.perSecond, this.burst, now);
      this.#limits.set(key, limit);
    }
    return limit.take(now);
  }

  /** Forgets those that are full again: they say nothing any more. */
  sweep(now: number): void {
    for (const [key, limit] of this.#limits) if (limit.isIdle(now)) this.#limits.delete(key);
  }
}
