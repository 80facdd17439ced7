/** Debounce before the first save, milliseconds. */
const DELAY_MS = 400;
/** Delay after a failure; doubles up to the maximum. Milliseconds. */
const RETRY_MS = 1_000;
const LONGEST_MS = 30_000;
/** Failures in a row until they are reported; a single failure may be over before the user reads about it. */
const REPORTED_FAILURES = 2;

/** Schedules saves: debounces them, backs off after failures, and reports lasting failures and their end. */
export class SaveScheduler {
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;

  /**
   * @param save calls `failed` or `done`, or neither if there is nothing to save
   * @param onFailing gets true when saves fail repeatedly, and false when one succeeds again
   */
  constructor(
    private readonly save: () => void,
    private readonly onFailing: (fails: boolean) => void,
  ) {}

  get fails(): boolean {
    return this.#failures >= REPORTED_FAILURES;
  }

  /** Saves after the debounce; after failures, at the next attempt. */
  soon(): void {
    this.#timer ??= this.#in(DELAY_MS);
  }

  failed(): void {
    this.#failures++;
    this.stop();
    this.#timer = this.#in(Math.min(RETRY_MS * 2 ** (this.#failures - 1), LONGEST_MS));
    if (this.#failures === REPORTED_FAILURES) this.onFailing(true);
  }

  done(): void {
    const { fails } = this;
    this.#failures = 0;
    this.stop();
    if (fails) this.onFailing(false);
  }

  /** Cancels the next attempt. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #in(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = undefined;
      this.save();
    }, milliseconds);
  }
}
