import { describe, expect, it } from 'vitest';
import { TokenBuckets } from '../../../../server/src/domain/token-buckets.ts';

describe('TokenBuckets', () => {
  it('keeps a bucket of its own for each key (I3)', () => {
    const buckets = new TokenBuckets<string>(1, 2);
    expect([buckets.take('a', 0), buckets.take('a', 0), buckets.take('a', 0)]).toEqual([0, 0, 1_000]);
    expect(buckets.take('b', 0)).toBe(0);
  });

  it('drops no bucket before it is full again', () => {
    const buckets = new TokenBuckets<string>(1, 2);
    for (let i = 0; i < 3; i++) buckets.take('a', 0);
    buckets.sweep(999);
    expect(buckets.take('a', 999)).toBe(1);
    buckets.sweep(1_999);
    expect([buckets.take('a', 1_999), buckets.take('a', 1_999)]).toEqual([0, 1_000]);
    buckets.sweep(10_000);
    expect([buckets.take('a', 10_000), buckets.take('a', 10_000), buckets.take('a', 10_000)]).toEqual([0, 0, 1_000]);
  });
});
