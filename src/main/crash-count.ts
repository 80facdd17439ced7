/** A page that crashes more often than so in this time is not loaded again by itself. */
const CRASHES = 3;
const CRASHES_MS = 60_000;

/** How often a page has crashed lately. */
export class CrashCount {
  #at: readonly number[] = [];

  /**
   * The page has crashed.
   * @param now milliseconds since 1970 UTC
   * @returns whether it is worth loading again without asking anybody
   */
  mayReload(now: number): boolean {
    this.#at = [...this.#at.filter((at) => now - at < CRASHES_MS), now];
    return this.#at.length <= CRASHES;
  }

  /** Somebody wants it to be tried again. */
  reset(): void {
    this.#at = [];
  }
}
