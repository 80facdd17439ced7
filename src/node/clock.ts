import type { Clock } from '../core/ports.ts';

/** Longest timer of the platform, milliseconds. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/** Clock and timers of the operating system. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, call) {
    // A longer timer would end at once.
    const timer = setTimeout(call, Math.min(milliseconds, TIMER_MAX_MS));
    return { cancel: () => clearTimeout(timer) };
  },
};
