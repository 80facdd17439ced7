import { PRIVATE_LIMITS } from '../../../shared/limits.ts';
import { TokenBucket } from '../../../shared/token-bucket.ts';

/** Lines that one line counts as: long lines count more than once. @param bytes of the line */
export function lineWeight(bytes: number): number {
  return 1 + Math.floor(bytes / PRIVATE_LIMITS.bytesPerLine);
}

/** `slow` pauses reading until the debt is paid, `stop` ends the session. */
export type FloodVerdict = 'fine' | 'slow' | 'stop';

/**
 * Limits what a peer sends. First reading pauses, so that TCP slows the peer down. A peer that owes too much, or stays in
 * debt for too long, is disconnected; a client that keeps to its own rate never is.
 */
export class FloodGuard {
  readonly #bucket: TokenBucket;
  #owesSince: number | undefined;

  constructor(now: number) {
    this.#bucket = new TokenBucket(PRIVATE_LIMITS.linesPerSecond, PRIVATE_LIMITS.lineBurst, now);
  }

  /** Counts a received line. @param bytes of the line */
  line(bytes: number): void {
    this.#bucket.spend(lineWeight(bytes));
  }

  judge(now: number): FloodVerdict {
    const level = this.#bucket.level(now);
    if (level >= PRIVATE_LIMITS.lineBurst / 2) this.#owesSince = undefined;
    if (level >= 0) return 'fine';
    this.#owesSince ??= now;
    return level < -PRIVATE_LIMITS.lineDebt || now - this.#owesSince > PRIVATE_LIMITS.tooFastMs ? 'stop' : 'slow';
  }
}
