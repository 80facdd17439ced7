import { duplexPair, type Duplex, Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Throttle } from '../../../../server/src/transport/throttle.ts';

const RATE = 1_000;
const BURST = 5_000;
let source: Duplex;
let now = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  [source] = duplexPair();
  source.on('data', () => {});
  source.pause();
  now = 1_000_000;
});

afterEach(() => {
  vi.useRealTimers();
});

function throttled(): Throttle {
  const throttle = new Throttle(source, RATE, BURST, () => now);
  throttle.start();
  return throttle;
}

/** Lets clock and timers go on together. */
function pass(ms: number): void {
  now += ms;
  vi.advanceTimersByTime(ms);
}

describe('Throttle (F4)', () => {
  it('passes a burst, then pauses for as long as the excess takes at the rate', () => {
    const throttle = throttled();
    throttle.took(5_000);
    expect(source.isPaused()).toBe(false);
    throttle.took(2_000);
    expect(source.isPaused()).toBe(true);
    pass(1_999);
    expect(source.isPaused()).toBe(true);
    pass(1);
    expect(source.isPaused()).toBe(false);
    throttle.took(1_000);
    pass(999);
    expect(source.isPaused()).toBe(true);
    pass(1);
    expect(source.isPaused()).toBe(false);
  });

  it('gains credit with time, up to one burst', () => {
    const throttle = throttled();
    throttle.took(5_000);
    pass(1_000);
    throttle.took(1_000);
    expect(source.isPaused()).toBe(false);
    pass(3_600_000);
    throttle.took(5_000);
    expect(source.isPaused()).toBe(false);
    throttle.took(1);
    expect(source.isPaused()).toBe(true);
  });

  it('continues at once after the clock is set back', () => {
    const throttle = throttled();
    now -= 3_600_000;
    throttle.took(1_000);
    expect(source.isPaused()).toBe(false);
  });

  it('pauses the source until the destination has drained', async () => {
    const written: (() => void)[] = [];
    const destination = new Writable({
      highWaterMark: 10,
      write: (_chunk, _encoding, done) => written.push(done),
    });
    const throttle = throttled();
    expect(destination.write(Buffer.alloc(20))).toBe(false);
    throttle.hold(destination);
    expect(source.isPaused()).toBe(true);
    throttle.start();
    expect(source.isPaused()).toBe(true);
    written[0]?.();
    await nextTurn();
    expect(source.isPaused()).toBe(false);
  });

  it('flows only if neither rate nor destination holds it', async () => {
    const written: (() => void)[] = [];
    const destination = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => written.push(done) });
    const throttle = throttled();
    destination.write(Buffer.alloc(6_000));
    throttle.hold(destination);
    throttle.took(6_000);
    written[0]?.();
    await nextTurn();
    expect(source.isPaused()).toBe(true);
    pass(1_000);
    expect(source.isPaused()).toBe(false);
  });

  it('resumes nothing after it is stopped', () => {
    const throttle = throttled();
    throttle.took(6_000);
    throttle.stop();
    expect(vi.getTimerCount()).toBe(0);
    pass(10_000);
    throttle.start();
    expect(source.isPaused()).toBe(true);
  });
});
