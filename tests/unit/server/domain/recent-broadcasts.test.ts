import { describe, expect, it } from 'vitest';
import { RecentBroadcasts } from '../../../../server/src/domain/recent-broadcasts.ts';

const REACH = { recipients: 3, someBlocked: true };

describe('RecentBroadcasts (D7)', () => {
  it('return the same answer for a repeated broadcast, and a conflict for another text under its id', () => {
    const recent = new RecentBroadcasts();
    expect(recent.find(1, 'x', 42)).toBeUndefined();
    recent.add(1, 'x', 42, REACH);
    expect(recent.find(1, 'x', 42)).toEqual(REACH);
    expect(recent.find(1, 'x', 43)).toBe('conflict');
    expect(recent.find(2, 'x', 42)).toBeUndefined();
  });

  it('store the newest 10,000', () => {
    const recent = new RecentBroadcasts();
    for (let i = 0; i < 10_000; i++) recent.add(1, String(i), i, REACH);
    expect(recent.find(1, '0', 0)).toEqual(REACH);
    recent.add(1, 'one more', 1, REACH);
    expect(recent.find(1, '0', 0)).toBeUndefined();
    expect(recent.find(1, '1', 1)).toEqual(REACH);
  });
});
