import { describe, expect, it } from 'vitest';
import { Directory } from '../../../../server/src/domain/directory.ts';
import { canonicalUsername } from '../../../../server/src/domain/usernames.ts';
import type { Account } from '../../../../server/src/store/store.ts';

function account(id: number, username: string): Account {
  const name = canonicalUsername(username);
  if (!name) throw new Error(`${username} is no username`);
  return { id, username, ...name };
}

const kevin = account(1, 'Kevin');
const kelly = account(2, 'kelly');
const emile = account(3, '\u00c9mile');
const everybody = () => new Directory([kevin, kelly, emile]);
const search = (prefix: string, limit = 10) =>
  everybody()
    .search(prefix, limit, () => true)
    .map(({ username }) => username);

describe('Directory (B1)', () => {
  it('finds a user in any spelling of the name', () => {
    const directory = everybody();
    for (const typed of ['Kevin', 'kevin', 'KEVIN', '\uff2bevin']) expect(directory.find(typed)).toBe(kevin);
    for (const typed of ['\u00e9mile', 'E\u0301MILE']) expect(directory.find(typed)).toBe(emile);
    expect(directory.find('k\u0435vin')).toBeUndefined();
    expect(directory.find('')).toBeUndefined();
    expect(directory.find('no such')).toBeUndefined();
    expect([directory.byId(1), directory.byKey('kevin'), directory.size]).toEqual([kevin, kevin, 3]);
  });

  it('treats look-alike names as taken', () => {
    const directory = everybody();
    const isTaken = (name: string) => directory.isTaken(account(9, name));
    expect(isTaken('kevin')).toBe(true);
    expect(isTaken('k\u0435vin')).toBe(true);
    expect(isTaken('kevin1')).toBe(false);
  });

  it('forgets all keys of a user', () => {
    const directory = everybody();
    directory.remove(kevin);
    expect([directory.find('Kevin'), directory.byId(1), directory.byKey('kevin')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(directory.isTaken(account(9, 'k\u0435vin'))).toBe(false);
    expect(directory.size).toBe(2);
  });

  it('finds visible users by name prefix, in order and limited', () => {
    expect(search('KE')).toEqual(['kelly', 'Kevin']);
    expect(search('')).toEqual(['kelly', 'Kevin', '\u00c9mile']);
    expect(search('', 2)).toEqual(['kelly', 'Kevin']);
    expect(search('E\u0301')).toEqual(['\u00c9mile']);
    expect(search('evin')).toEqual([]);
    expect(everybody().search('ke', 1, ({ id }) => id !== 2)).toEqual([kevin]);
  });
});
