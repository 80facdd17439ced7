import { describe, expect, it } from 'vitest';
import { CrashCount } from '../../../src/main/crash-count.ts';

describe('Crashed page', () => {
  it('is reloaded three times in a minute', () => {
    const crashes = new CrashCount();
    expect([0, 1_000, 2_000, 3_000].map((at) => crashes.mayReload(at))).toEqual([true, true, true, false]);
  });

  it('is reloaded if the crashes are far apart, and after the user has asked for it', () => {
    const crashes = new CrashCount();
    expect([0, 1_000, 2_000, 60_000].map((at) => crashes.mayReload(at))).toEqual([true, true, true, true]);
    expect(crashes.mayReload(60_001)).toBe(false);
    crashes.reset();
    expect(crashes.mayReload(60_002)).toBe(true);
  });
});
