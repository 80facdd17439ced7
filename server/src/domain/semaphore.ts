/** Runs at most `width` jobs at the same time, lets at most `depth` wait, and rejects the others. */
export class Semaphore {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly width: number,
    private readonly depth: number,
  ) {}

  /** @returns undefined if too many jobs wait already */
  async run<T>(job: () => Promise<T>): Promise<T | undefined> {
    if (this.#running >= this.width) {
      if (this.#waiting.length >= this.depth) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running++;
    try {
      return await job();
    } finally {
      const next = this.#waiting.shift();
      // The next job takes over this place directly, so that no new job can take it first.
      if (next) next();
      else this.#running--;
    }
  }
}
