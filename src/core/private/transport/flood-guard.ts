import { PRIVATE_LIMITS } from '../private-limits.ts';

/** Lines as a rate counts them: a long one counts as several. @param bytes of the line */
export function lineWeight(bytes: number): number {
  return 1 + Math.floor(bytes / PRIVATE_LIMITS.bytesPerLine);
}

/** So many at once, and so many a second. Goes below zero: that is a debt. */
export class Bucket {
  #level: number;
  #at: number;

  /** @param now milliseconds; only differences count, and a clock that was set back fills nothing */
  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    now: number,
  ) {
    this.#level = burst;
    this.#at = now;
  }

  /** What is left, after filling up to now. */
  level(now: number): number {
    const passed = Math.max(0, now - this.#at);
    this.#at = now;
    this.#level = Math.min(this.burst, this.#level + (passed / 1_000) * this.perSecond);
    return this.#level;
  }

  take(amount: number): void {
    this.#level -= amount;
  }

  /** Milliseconds until nothing is owed any more. */
  debtMs(now: number): number {
    return Math.ceil((Math.max(0, -this.level(now)) / this.perSecond) * 1_000);
  }
}

/** What becomes of a peer that sends much: `slow` pauses reading until the debt is paid, `stop` ends the session. */
export type FloodVerdict = 'fine' | 'slow' | 'stop';

/**
 * Judges how much a peer sends. It is first slowed down: reading pauses, so that its own network makes it wait. One that
 * owes too much, or is never out of debt for too long, is shown the door; a client that keeps to its own rate never is.
 */
export class FloodGuard {
  readonly #bucket: Bucket;
  #owesSince: number | undefined;

  constructor(now: number) {
    this.#bucket = new Bucket(PRIVATE_LIMITS.linesPerSecond, PRIVATE_LIMITS.lineBurst, now);
  }

  /** Something came. @param bytes of the line */
  line(bytes: number): void {
    this.#bucket.take(lineWeight(bytes));
  }

  judge(now: number): FloodVerdict {
    const level = this.#bucket.level(now);
    if (level >= PRIVATE_LIMITS.lineBurst / 2) this.#owesSince = undefined;
    if (level >= 0) return 'fine';
    this.#owesSince ??= now;
    return level < -PRIVATE_LIMITS.lineDebt || now - this.#owesSince > PRIVATE_LIMITS.tooFastMs ? 'stop' : 'slow';
  }
}
