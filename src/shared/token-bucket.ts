/**
 * Token bucket: holds at most `burst` tokens and refills at `perSecond`. Every rate limit of server and client is one.
 * Pure: time is an argument in milliseconds. Only differences count, and a clock that is set back takes nothing away.
 */
export class TokenBucket {
  #perSecond: number;
  #burst: number;
  #tokens: number;
  #filledAt: number;
  #closedUntil = 0;

  /**
   * @param perSecond tokens that come back each second; 0: no limit
   * @param pauseMs shortest time that an emptied bucket refuses everything. Without it, a message that the client sent
   * behind a refused one could pass before the retry of the refused one and break the order (D4).
   */
  constructor(
    perSecond: number,
    burst: number,
    now: number,
    private readonly pauseMs = 0,
  ) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#filledAt = now;
  }

  /** Changes the limit. Keeps the tokens that are left, as far as they fit; a bucket without a limit counts as full. */
  resize(perSecond: number, burst: number, now: number): void {
    this.#tokens = this.#perSecond === 0 ? burst : Math.min(this.level(now), burst);
    this.#filledAt = now;
    this.#perSecond = perSecond;
    this.#burst = burst;
  }

  /** Tokens left, after refilling up to now; below zero it is a debt. */
  level(now: number): number {
    const elapsed = Math.max(0, now - this.#filledAt);
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsed * this.#perSecond) / 1_000);
    this.#filledAt = now;
    return this.#tokens;
  }

  /** Takes one token if there is one. @returns 0 if taken, else the milliseconds until a retry makes sense */
  take(now: number): number {
    if (this.#perSecond === 0) return 0;
    if (now < this.#closedUntil) return this.#closedUntil - now;
    const left = this.level(now);
    if (left >= 1) {
      this.#tokens--;
      return 0;
    }
    const waitMs = Math.max(this.pauseMs, Math.ceil(((1 - left) * 1_000) / this.#perSecond));
    if (this.pauseMs > 0) this.#closedUntil = now + waitMs;
    return waitMs;
  }

  /** Takes tokens even if there are too few, for work that is already done; the bucket then owes them. */
  spend(amount: number): void {
    this.#tokens -= amount;
  }

  /** Milliseconds until a debt is paid; 0 without one. */
  debtMs(now: number): number {
    return Math.ceil((Math.max(0, -this.level(now)) * 1_000) / this.#perSecond);
  }

  /** Whether the bucket is as good as a new one, so that its owner may drop it. */
  isFull(now: number): boolean {
    return now >= this.#closedUntil && this.level(now) >= this.#burst;
  }
}
