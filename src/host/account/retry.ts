/** From the first wish to the work: less than a moment of typing, more than a key. Milliseconds. */
const DELAY_MS = 400;
/** After a failure; doubles up to the longest. Milliseconds. */
const RETRY_MS = 1_000;
const LONGEST_MS = 30_000;
/** Failures in a row that are told; one alone may be over before anybody has read about it. */
const TOLD_FAILURES = 2;

/** Has something done soon, and where that fails again and again, later and later; tells when it goes wrong and when it works again. */
export class Retry {
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;

  /**
   * @param work ends in `failed` or `done`, or in neither where there was nothing to do
   * @param told whether it fails, at each change
   */
  constructor(
    private readonly work: () => void,
    private readonly told: (fails: boolean) => void,
  ) {}

  get fails(): boolean {
    return this.#failures >= TOLD_FAILURES;
  }

  /** The work is to be done within a moment; after failures, at the next try. */
  soon(): void {
    this.#timer ??= this.#in(DELAY_MS);
  }

  failed(): void {
    this.#failures++;
    this.stop();
    this.#timer = this.#in(Math.min(RETRY_MS * 2 ** (this.#failures - 1), LONGEST_MS));
    if (this.#failures === TOLD_FAILURES) this.told(true);
  }

  done(): void {
    const { fails } = this;
    this.#failures = 0;
    this.stop();
    if (fails) this.told(false);
  }

  /** Does not try any more by itself. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #in(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = undefined;
      this.work();
    }, milliseconds);
  }
}
