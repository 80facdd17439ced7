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
   * @param atLeast minimum that the server asked for, milliseconds
   * @returns milliseconds
   */
  next(fraction: number, atLeast = 0): number {
    const bound = Math.min(CLIENT_LIMITS.backOffMaxMs, CLIENT_LIMITS.backOffMs * 2 ** this.#attempts);
    this.#attempts++;
    return atLeast + Math.round(fraction * bound);
  }

  reset(): void {
    this.#attempts = 0;
  }
}
