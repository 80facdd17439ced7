import { describe, expect, it } from 'vitest';
import { Lockout } from '../../../../server/src/domain/lockout.ts';

const BLOCK_MS = 120_000;
const make = (records: { key: string; failures: number; lockedUntil: number }[] = []) =>
  new Lockout(BLOCK_MS, records, (key) => key === 'kevin');

describe('Lockout (B2, ASIDE-5.3)', () => {
  it.each([
    ['the name of an account', true],
    ['an unknown name', false],
  ])('locks %s at the third failure in a row, for the configured time', (_what, isKnown) => {
    const lockout = make();
    expect(lockout.failed('kevin', isKnown, 1_000)).toMatchObject({ attemptsLeft: 2, lockedForMs: 0 });
    expect(lockout.failed('kevin', isKnown, 2_000)).toMatchObject({ attemptsLeft: 1, lockedForMs: 0 });
    expect(lockout.lockedForMs('kevin', 2_500)).toBe(0);
    expect(lockout.failed('kevin', isKnown, 3_000)).toEqual({
      record: { key: 'kevin', failures: 3, lockedUntil: 123_000 },
      attemptsLeft: 0,
      lockedForMs: BLOCK_MS,
    });
    expect(lockout.lockedForMs('kevin', 3_000)).toBe(BLOCK_MS);
    expect(lockout.lockedForMs('kevin', 122_999)).toBe(1);
    expect(lockout.lockedForMs('kevin', 123_000)).toBe(0);
  });

  it('allows three attempts again after its end', () => {
    const lockout = make();
    for (let i = 0; i < 3; i++) lockout.failed('kevin', true, 0);
    expect(lockout.failed('kevin', true, BLOCK_MS)).toMatchObject({ attemptsLeft: 2, lockedForMs: 0 });
  });

  it('is cleared by a success, which reports if there was a count', () => {
    const lockout = make();
    expect(lockout.succeeded('kevin')).toBe(false);
    lockout.failed('kevin', true, 0);
    lockout.failed('kevin', true, 0);
    expect(lockout.succeeded('kevin')).toBe(true);
    expect(lockout.failed('kevin', true, 0).attemptsLeft).toBe(2);
  });

  it('continues after a restart', () => {
    const lockout = make([
      { key: 'kevin', failures: 2, lockedUntil: 0 },
      { key: 'nobody', failures: 3, lockedUntil: 5_000 },
    ]);
    expect(lockout.lockedForMs('nobody', 4_000)).toBe(1_000);
    expect(lockout.failed('kevin', true, 0).attemptsLeft).toBe(0);
  });

  it('counts each name separately', () => {
    const lockout = make();
    for (let i = 0; i < 3; i++) lockout.failed('kevin', true, 0);
    expect(lockout.lockedForMs('hans', 0)).toBe(0);
  });

  it('stores 10,000 unknown names, and every name of an account (I3)', () => {
    const lockout = make();
    for (let i = 0; i < 3; i++) lockout.failed('kevin', true, 0);
    for (let i = 0; i < 3; i++) lockout.failed('first', false, 0);
    for (let i = 0; i < 9_999; i++) lockout.failed(`nobody-${i}`, false, 0);
    expect(lockout.lockedForMs('first', 0)).toBe(BLOCK_MS);
    lockout.failed('one too many', false, 0);
    expect(lockout.lockedForMs('first', 0)).toBe(0);
    expect(lockout.lockedForMs('kevin', 0)).toBe(BLOCK_MS);
  });

  it('keeps the count of a name that is registered meanwhile', () => {
    const lockout = make();
    lockout.failed('hans', false, 0);
    lockout.failed('hans', true, 0);
    expect(lockout.failed('hans', true, 0).attemptsLeft).toBe(0);
  });
});
