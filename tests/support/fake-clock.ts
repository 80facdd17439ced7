interface Job {
  due: number;
  readonly every: number | undefined;
  readonly call: () => void;
}

/** Time that stands still until a test moves it. Fits the clocks of the server and of the client's core. */
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

  /** Jobs that still wait for their time. */
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

  /** The turn of the event loop is real: what it gathers is gathered here too. */
  endOfTurn(job: () => void): void {
    setImmediate(job);
  }

  /** Lets time pass: each job runs when it is due, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      let next: Job | undefined;
      for (const job of this.#jobs) if (job.due <= end && (!next || job.due < next.due)) next = job;
      if (!next) break;
      this.#now = Math.max(this.#now, next.due);
      if (next.every === undefined) this.#remove(next);
      // After a jump it goes on from here, as a timer does after sleep.
      else next.due = this.#now + next.every;
      next.call();
    }
    this.#now = end;
  }

  /** Sets the clock without running anything, as when a machine sleeps or its clock is corrected. */
  jump(ms: number): void {
    this.#now += ms;
  }

  #remove(job: Job): void {
    this.#jobs = this.#jobs.filter((other) => other !== job);
  }
}
