import { describe, expect, it } from 'vitest';
import { Presence } from '../../../../server/src/domain/presence.ts';
import type { Account } from '../../../../server/src/store/store.ts';

const account = (id: number, key: string): Account => ({ id, username: key.toUpperCase(), key, skeleton: key });
const anna = account(1, 'anna');
const bert = account(2, 'bert');
const carl = account(3, 'carl');

describe('Presence (C1, C2)', () => {
  it('announces an arrival once', () => {
    const presence = new Presence();
    expect(presence.markOnline(anna, 1_000)).toBe(true);
    expect(presence.markOnline(anna, 2_000)).toBe(false);
    expect(presence.since(anna.id)).toBe(1_000);
    expect(presence.markOffline(anna.id)).toBe(true);
    expect(presence.markOffline(anna.id)).toBe(false);
    expect(presence.has(anna.id)).toBe(false);
  });

  it('announces nothing for a user that returns within 10 s', () => {
    const presence = new Presence();
    presence.markOnline(anna, 1_000);
    presence.markDisconnected(anna, 1_500, 5_000);
    expect(presence.expire(14_999)).toEqual([]);
    expect(presence.has(anna.id)).toBe(true);
    expect(presence.lastAction(anna.id)).toBe(1_500);
    expect(presence.markOnline(anna, 14_999)).toBe(false);
    expect(presence.since(anna.id)).toBe(1_000);
    expect(presence.expire(100_000)).toEqual([]);
  });

  it('announces a user that does not return, with the time of the loss', () => {
    const presence = new Presence();
    presence.markOnline(anna, 1_000);
    presence.markDisconnected(anna, 1_500, 5_000);
    expect(presence.expire(15_000)).toEqual([{ account: anna, disconnectedAt: 5_000 }]);
    expect(presence.has(anna.id)).toBe(false);
    expect(presence.expire(20_000)).toEqual([]);
  });

  it('has a separate grace time for each loss, also after a return', () => {
    const presence = new Presence();
    for (const who of [anna, bert, carl]) presence.markOnline(who, 0);
    presence.markDisconnected(anna, 0, 0);
    presence.markDisconnected(bert, 0, 1_000);
    presence.markOnline(anna, 2_000);
    presence.markDisconnected(anna, 0, 3_000);
    presence.markDisconnected(carl, 0, 4_000);
    expect(presence.expire(11_000).map(({ account: { key } }) => key)).toEqual(['bert']);
    expect(presence.expire(12_999)).toEqual([]);
    expect(presence.expire(14_000).map(({ account: { key } }) => key)).toEqual(['anna', 'carl']);
  });

  it('ignores the loss of a user that has left', () => {
    const presence = new Presence();
    presence.markDisconnected(anna, 0, 0);
    expect(presence.expire(10_000)).toEqual([]);
    expect(presence.size).toBe(0);
  });

  it('gives users from before a restart the same grace time, from now', () => {
    const presence = new Presence();
    presence.restore(anna, 1_000, 50_000, 60_000);
    presence.restore(bert, 2_000, 50_000, 60_000);
    expect(presence.markOnline(anna, 65_000)).toBe(false);
    expect(presence.since(anna.id)).toBe(1_000);
    expect(presence.expire(69_999)).toEqual([]);
    expect(presence.expire(70_000)).toEqual([{ account: bert, disconnectedAt: 50_000 }]);
  });

  it('lists users in order of name, from a name on', () => {
    const presence = new Presence();
    presence.markOnline(carl, 3);
    presence.markOnline(anna, 1);
    expect([...presence.list('')].map(({ account: { key } }) => key)).toEqual(['anna', 'carl']);
    presence.markOnline(bert, 2);
    expect([...presence.list('anna')].map(({ since }) => since)).toEqual([2, 3]);
    presence.markOffline(bert.id);
    expect([...presence.list('anna')].map(({ since }) => since)).toEqual([3]);
    expect([...presence.list('carl')]).toEqual([]);
  });
});
