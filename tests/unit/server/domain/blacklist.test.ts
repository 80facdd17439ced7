import { describe, expect, it } from 'vitest';
import { Blacklist } from '../../../../server/src/domain/blacklist.ts';

describe('Blacklist (E1)', () => {
  it('has one direction', () => {
    const blacklist = new Blacklist([{ by: 1, blocked: 2 }]);
    expect(blacklist.has(1, 2)).toBe(true);
    expect(blacklist.has(2, 1)).toBe(false);
    expect([...blacklist.of(1)]).toEqual([2]);
    expect([...blacklist.of(2)]).toEqual([]);
  });

  it('reports if a call has changed it', () => {
    const blacklist = new Blacklist([]);
    expect(blacklist.remove(1, 2)).toBe(false);
    expect(blacklist.add(1, 2)).toBe(true);
    expect(blacklist.add(1, 2)).toBe(false);
    expect(blacklist.remove(1, 2)).toBe(true);
    expect(blacklist.has(1, 2)).toBe(false);
  });

  it('forgets an account on both sides (B7)', () => {
    const blacklist = new Blacklist([
      { by: 1, blocked: 2 },
      { by: 2, blocked: 1 },
      { by: 3, blocked: 2 },
      { by: 3, blocked: 1 },
    ]);
    blacklist.forget(2);
    expect([blacklist.has(1, 2), blacklist.has(2, 1), blacklist.has(3, 2)]).toEqual([false, false, false]);
    expect(blacklist.has(3, 1)).toBe(true);
  });
});
