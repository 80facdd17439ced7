import { describe, expect, it } from 'vitest';
import { RateLimit, RateLimits } from '../../../../server/src/domain/rate.ts';

/** Takes until it is refused. @returns how many passed */
function drain(limit: RateLimit, now: number): number {
  for (let passed = 0; passed < 10_000; passed++) if (limit.take(now) > 0) return passed;
  throw new Error('it never ends');
}

describe('rate limit (I3, ASIDE-7.1-8)', () => {
  it('lets a burst pass, then shuts for a second', () => {
    const limit = new RateLimit(100, 500, 0);
    expect(drain(limit, 0)).toBe(500);
    expect(limit.take(0)).toBe(1_000);
    expect(limit.take(400)).toBe(600);
  });

  it('stays shut for as long as it said, so that nothing sent behind a refused one slips in before it (D4)', () => {
    const limit = new RateLimit(100, 500, 0);
    drain(limit, 0);
    for (const now of [1, 500, 999]) expect(limit.take(now)).toBe(1_000 - now);
    expect(limit.take(1_000)).toBe(0);
    expect(drain(limit, 1_000)).toBe(99);
  });

  it('fills again, but never over the burst', () => {
    const limit = new RateLimit(100, 500, 0);
    drain(limit, 0);
    expect(drain(limit, 1_000_000)).toBe(500);
  });

  it('says when a slow one makes sense again', () => {
    const limit = new RateLimit(60 / 3_600, 60, 0);
    expect(drain(limit, 0)).toBe(60);
    expect(limit.take(0)).toBe(60_000);
    expect(limit.take(60_000)).toBe(0);
    expect(limit.take(60_000)).toBe(60_000);
  });

  it('0 is no limit', () => {
    const limit = new RateLimit(0, 0, 0);
    for (let i = 0; i < 10_000; i++) expect(limit.take(0)).toBe(0);
  });

  it('takes nothing away where the clock is set back', () => {
    const limit = new RateLimit(100, 500, 1_000_000);
    expect(limit.take(0)).toBe(0);
    expect(drain(limit, 0)).toBe(499);
  });
});

describe('rate limits by name', () => {
  it('are each their own', () => {
    const limits = new RateLimits<string>(1, 2);
    expect([limits.take('a', 0), limits.take('a', 0), limits.take('a', 0)]).toEqual([0, 0, 1_000]);
    expect(limits.take('b', 0)).toBe(0);
  });

  it('are not forgotten before they are full again', () => {
    const limits = new RateLimits<string>(1, 2);
    for (let i = 0; i < 3; i++) limits.take('a', 0);
    limits.sweep(999);
    expect(limits.take('a', 999)).toBe(1);
    limits.sweep(1_999);
    expect([limits.take('a', 1_999), limits.take('a', 1_999)]).toEqual([0, 1_000]);
    limits.sweep(10_000);
    expect([limits.take('a', 10_000), limits.take('a', 10_000), limits.take('a', 10_000)]).toEqual([0, 0, 1_000]);
  });
});
