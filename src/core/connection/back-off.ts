import { CLIENT_LIMITS } from '../../shared/limits.ts';

/**
 * Delays between attempts to reconnect: exponential with full jitter, so that the clients of a restarted server don't
 * reconnect at once.
 */
export class BackOff {
  #attempts = 0;

  /** Attempts that have failed in a row. */
  get attempts(): number {
    return this.#attempts;
  }

  /**
   * The delay before the next attempt.
   * @param fraction random, from 0 to 1
   * @param atMost bound of the random part, milliseconds
   * @param atLeast minimum that the server asked for, milliseconds
   * @returns milliseconds
   */
  next(fraction: number, atMost: number, atLeast: number): number {
    const bound = Math.min(atMost, CLIENT_LIMITS.backOffMs * 2 ** this.#attempts);
    this.#attempts++;
    return Math.min(atLeast, CLIENT_LIMITS.retryAfterMaxMs) + Math.round(fraction * bound);
  }

  reset(): void {
    this.#attempts = 0;
  }
}
