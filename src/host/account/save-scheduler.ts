import { HOST_LIMITS } from '../../shared/limits.ts';

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
    return this.#failures >= HOST_LIMITS.saveFailuresReported;
  }

  /** Saves after the debounce; after failures, at the next attempt. */
  soon(): void {
    this.#timer ??= this.#in(HOST_LIMITS.saveDelayMs);
  }

  failed(): void {
    this.#failures++;
    this.stop();
    this.#timer = this.#in(Math.min(HOST_LIMITS.saveRetryMs * 2 ** (this.#failures - 1), HOST_LIMITS.saveRetryMaxMs));
    if (this.#failures === HOST_LIMITS.saveFailuresReported) this.onFailing(true);
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
