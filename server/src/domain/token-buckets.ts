import { RATE_LIMITS } from '../../../src/shared/limits.ts';
import { TokenBucket } from '../../../src/shared/token-bucket.ts';

/** Token buckets by key (an account, an address), each made at first use and dropped when it is full again. */
export class TokenBuckets<Key> {
  readonly #buckets = new Map<Key, TokenBucket>();

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
  ) {}

  /** @returns 0 if taken, else the milliseconds until a retry makes sense */
  take(key: Key, now: number): number {
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      bucket = new TokenBucket(this.perSecond, this.burst, now, RATE_LIMITS.pauseMs);
      this.#buckets.set(key, bucket);
    }
    return bucket.take(now);
  }

  /** Drops full buckets: a new one gives the same answers. */
  sweep(now: number): void {
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(key);
  }
}
