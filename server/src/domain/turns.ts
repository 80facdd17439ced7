/** Runs jobs of the same key one after the other, the first of them at once; jobs of different keys side by side. */
export class Turns<Key> {
  readonly #last = new Map<Key, Promise<unknown>>();

  async run<T>(key: Key, job: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const mine = before ? before.then(job, job) : job();
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}

/** At most `width` jobs at once, at most `depth` waiting; the others are turned away. */
export class Gate {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly width: number,
    private readonly depth: number,
  ) {}

  /** @returns undefined where too many wait already */
  async run<T>(job: () => Promise<T>): Promise<T | undefined> {
    if (this.#running >= this.width) {
      if (this.#waiting.length >= this.depth) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running++;
    try {
      return await job();
    } finally {
      const next = this.#waiting.shift();
      // The place is handed on, not given back, so that nobody slips in between.
      if (next) next();
      else this.#running--;
    }
  }
}
