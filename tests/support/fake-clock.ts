interface Job {
  due: number;
  readonly every: number | undefined;
  readonly call: () => void;
}

/** A clock that only moves when a test advances it. Implements the clocks of server and core. */
export class FakeClock {
  #now: number;
  #jobs: Job[] = [];

  /** @param start milliseconds since 1970 UTC */
  constructor(start = 1_700_000_000_000) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** Number of pending jobs. */
  get pending(): number {
    return this.#jobs.length;
  }

  every(ms: number, call: () => void): () => void {
    const job = { due: this.#now + ms, every: ms, call };
    this.#jobs.push(job);
    return () => this.#remove(job);
  }

  after(ms: number, call: () => void): { cancel(): void } {
    const job = { due: this.#now + ms, every: undefined, call };
    this.#jobs.push(job);
    return { cancel: () => this.#remove(job) };
  }

  /** Uses a real turn of the event loop, like the real clock. */
  endOfTurn(job: () => void): void {
    setImmediate(job);
  }

  /** Advances the time and runs due jobs in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      let next: Job | undefined;
      for (const job of this.#jobs) if (job.due <= end && (!next || job.due < next.due)) next = job;
      if (!next) break;
      this.#now = Math.max(this.#now, next.due);
      if (next.every === undefined) this.#remove(next);
      // After a jump the interval continues from now, as after a sleep.
      else next.due = this.#now + next.every;
      next.call();
    }
    this.#now = end;
  }

  /** Sets the clock without running jobs, like a sleep or a correction of the clock. */
  jump(ms: number): void {
    this.#now += ms;
  }

  #remove(job: Job): void {
    this.#jobs = this.#jobs.filter((other) => other !== job);
  }
}
