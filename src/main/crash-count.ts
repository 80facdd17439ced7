/** A page that crashes more often in this time is not reloaded automatically. */
const CRASHES = 3;
const CRASHES_MS = 60_000;

/** Counts recent crashes of a page. */
export class CrashCount {
  #at: readonly number[] = [];

  /**
   * Counts a crash.
   * @param now milliseconds since 1970 UTC
   * @returns whether to reload the page without asking the user
   */
  mayReload(now: number): boolean {
    this.#at = [...this.#at.filter((at) => now - at < CRASHES_MS), now];
    return this.#at.length <= CRASHES;
  }

  /** Forgets all crashes, because the user reloads the page. */
  reset(): void {
    this.#at = [];
  }
}
