import type { Clock, Timer } from '../../src/core/ports.ts';

interface Planned {
  readonly at: number;
  readonly order: number;
  readonly call: () => void;
}

/** A clock that a test advances. Between two timers all ready promises run. */
export class PeerClock implements Clock {
  #now: number;
  #order = 0;
  #planned = new Set<Planned>();

  constructor(start = 1_800_000_000_000) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, call: () => void): Timer {
    const planned = { at: this.#now + Math.max(0, milliseconds), order: this.#order++, call };
    this.#planned.add(planned);
    return { cancel: () => this.#planned.delete(planned) };
  }

  /** Number of pending timers. */
  get pending(): number {
    return this.#planned.size;
  }

  async advance(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    await settle();
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#planned.delete(next);
      this.#now = next.at;
      next.call();
      await settle();
    }
    this.#now = until;
  }

  #next(until: number): Planned | undefined {
    let first: Planned | undefined;
    for (const one of this.#planned) {
      if (one.at > until) continue;
      if (first === undefined || one.at < first.at || (one.at === first.at && one.order < first.order)) first = one;
    }
    return first;
  }
}

/** Runs ready promises; the certificates of these tests need some turns. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await Promise.resolve();
}
