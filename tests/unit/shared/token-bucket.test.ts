import { describe, expect, it } from 'vitest';
import { TokenBucket } from '../../../src/shared/token-bucket.ts';

const PAUSE_MS = 1_000;

/** Takes tokens until one is refused. @returns how many were taken */
function drain(bucket: TokenBucket, now: number): number {
  for (let taken = 0; taken < 10_000; taken++) if (bucket.take(now) > 0) return taken;
  throw new Error('The bucket never refuses.');
}

describe('TokenBucket', () => {
  it('refills with time, but never over the burst', () => {
    const bucket = new TokenBucket(100, 500, 0);
    expect(drain(bucket, 0)).toBe(500);
    expect(drain(bucket, 1_000)).toBe(100);
    expect(drain(bucket, 1_000_000)).toBe(500);
  });

  it('names the wait until the next token', () => {
    const bucket = new TokenBucket(4, 1, 0);
    expect(bucket.take(0)).toBe(0);
    expect(bucket.take(0)).toBe(250);
    expect(bucket.take(100)).toBe(150);
    expect(bucket.take(250)).toBe(0);
  });

  it('takes nothing away when the clock is set back', () => {
    const bucket = new TokenBucket(100, 500, 1_000_000, PAUSE_MS);
    expect(bucket.take(0)).toBe(0);
    expect(drain(bucket, 0)).toBe(499);
  });

  it('has no limit with a rate of 0', () => {
    const bucket = new TokenBucket(0, 0, 0);
    for (let i = 0; i < 10_000; i++) expect(bucket.take(0)).toBe(0);
  });

  it('keeps its tokens on a change of the limit, as far as they fit', () => {
    const bucket = new TokenBucket(100, 500, 0);
    bucket.resize(10, 20, 0);
    expect(drain(bucket, 0)).toBe(20);
    bucket.resize(100, 500, 0);
    expect(drain(bucket, 0)).toBe(0);
    expect(drain(bucket, 1_000)).toBe(100);
  });

  it('is full when a limit is set for the first time', () => {
    const bucket = new TokenBucket(0, 0, 0);
    bucket.resize(10, 20, 5_000);
    expect(drain(bucket, 5_000)).toBe(20);
  });

  it('owes what is spent beyond its tokens until the rate has paid it back', () => {
    const bucket = new TokenBucket(10, 20, 0);
    bucket.spend(25);
    expect(bucket.level(0)).toBe(-5);
    expect([bucket.debtMs(0), bucket.debtMs(200), bucket.debtMs(500)]).toEqual([500, 300, 0]);
    expect(bucket.isFull(2_499)).toBe(false);
    expect(bucket.isFull(2_500)).toBe(true);
  });
});

describe('TokenBucket with a pause', () => {
  it('passes a burst, then refuses for a second (I3, ASIDE-7.1-8)', () => {
    const bucket = new TokenBucket(100, 500, 0, PAUSE_MS);
    expect(drain(bucket, 0)).toBe(500);
    expect(bucket.take(0)).toBe(1_000);
    expect(bucket.take(400)).toBe(600);
  });

  it('refuses for as long as it said, so that no later message overtakes a refused one (D4)', () => {
    const bucket = new TokenBucket(100, 500, 0, PAUSE_MS);
    drain(bucket, 0);
    for (const now of [1, 500, 999]) expect(bucket.take(now)).toBe(1_000 - now);
    expect(bucket.take(1_000)).toBe(0);
    expect(drain(bucket, 1_000)).toBe(99);
  });

  it('refuses for longer than the pause if the next token takes longer', () => {
    const bucket = new TokenBucket(60 / 3_600, 60, 0, PAUSE_MS);
    expect(drain(bucket, 0)).toBe(60);
    expect(bucket.take(0)).toBe(60_000);
    expect(bucket.take(60_000)).toBe(0);
    expect(bucket.take(60_000)).toBe(60_000);
  });
});
