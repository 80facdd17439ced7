import { HOST_LIMITS } from '../shared/limits.ts';

/** Counts recent crashes of a page. */
export class CrashCount {
  #at: readonly number[] = [];

  /**
   * Counts a crash.
   * @param now milliseconds since 1970 UTC
   * @returns whether to reload the page without asking the user
   */
  mayReload(now: number): boolean {
    this.#at = [...this.#at.filter((at) => now - at < HOST_LIMITS.crashesMs), now];
    return this.#at.length <= HOST_LIMITS.crashes;
  }

  /** Forgets all crashes, because the user reloads the page. */
  reset(): void {
    this.#at = [];
  }
}
