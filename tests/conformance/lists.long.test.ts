import { describe, expect, it } from 'vitest';
import type { WireClient } from '../support/wire-client.ts';
import { inParallel, useServer } from './setup.ts';

const PEOPLE = 570;
const stage = useServer({ plaintext: true });

/** Names of 32 characters and 116 bytes: few of them fill a line. */
const name = (i: number): string => `${'𠀀'.repeat(28)}${String(i).padStart(4, '0')}`;
const NAMES = Array.from({ length: PEOPLE }, (_, i) => name(i)).toSorted();

/** All pages of a list. */
async function pages<Entry>(
  ask: (after: { after?: string }) => Promise<{ users: Entry[]; next?: string | undefined }>,
): Promise<Entry[][]> {
  const all: Entry[][] = [];
  for (let after: { after?: string } = {}; all.length < 20; ) {
    const { users, next } = await ask(after);
    all.push(users);
    if (next === undefined) return all;
    after = { after: next };
  }
  throw new Error('the list never ends');
}

const longest = (client: WireClient): number =>
  Math.max(...client.lines.map((line) => Buffer.byteLength(JSON.stringify(line))));

describe('List longer than a line', () => {
  it('[ASIDE-3.7-1] [ASIDE-3.7-2] [ASIDE-2.2-4] is split into pages, each of which continues the one before', async () => {
    const people = await inParallel(NAMES, 8, async (username) => {
      const client = await stage.connect();
      await client.register(username);
      return client;
    });
    const asker = await stage.connect();
    const { online, next } = await asker.register('asker');
    expect(next).toBeDefined();
    const rest = await pages(({ after = next }) =>
      asker.request('presence.online', after === undefined ? {} : { after }),
    );
    const namesOf = (lists: { username: string }[][]): string[] => lists.flat().map(({ username }) => username);
    expect(namesOf([online, ...rest]).toSorted()).toEqual(NAMES);

    const present = await pages((after) => asker.request('presence.online', after));
    expect(present.length).toBeGreaterThan(1);
    expect(namesOf(present).toSorted()).toEqual(NAMES);

    const history = await pages((after) => asker.request('presence.history', { seconds: 3_600, ...after }));
    expect(history.length).toBeGreaterThan(1);
    expect(namesOf(history).toSorted()).toEqual(NAMES);

    await inParallel(NAMES, 20, async (username) => await asker.request('blacklist.add', { username }));
    const blocked = await pages((after) => asker.request('blacklist.list', after));
    expect(blocked.length).toBeGreaterThan(1);
    expect(blocked.flat().toSorted()).toEqual(NAMES);

    expect(longest(asker)).toBeLessThanOrEqual(65_536);
    expect(longest(asker)).toBeGreaterThan(30_000);
    expect(people).toHaveLength(PEOPLE);
  });
});
