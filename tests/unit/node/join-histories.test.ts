import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewIncoming, NewOutgoing } from '../../../src/core/ports.ts';
import { SqliteHistory } from '../../../src/node/history/sqlite-history.ts';

let folder: string;
let ours: SqliteHistory;
let theirs: SqliteHistory;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aside-join-'));
  ours = new SqliteHistory(join(folder, 'ours', 'history.db'));
  theirs = new SqliteHistory(join(folder, 'theirs', 'history.db'));
});
afterEach(() => {
  ours.close();
  theirs.close();
  rmSync(folder, { recursive: true });
});

const uuid = (n: number) => `018c3f5e-0000-7000-8000-${String(n).padStart(12, '0')}`;
const incoming = (at: number, from = 'hans'): NewIncoming => ({
  id: uuid(at),
  conversation: `@${from}`,
  from,
  to: 'kevin',
  text: `text number ${at}`,
  at,
});
const outgoing = (at: number): NewOutgoing => ({
  ...incoming(at),
  conversation: '@hans',
  from: 'kevin',
  to: 'hans',
  status: { state: 'queued', attempted: false },
});
const times = (history: SqliteHistory, conversation: string) =>
  history.page(conversation, undefined, 100).map(({ at }) => at);
const unread = (history: SqliteHistory) => history.conversations().map(({ id, unread }) => [id, unread]);

describe('Two joined histories (B8)', () => {
  it('have every message once, in the order of its time', () => {
    ours.commit([incoming(10), incoming(20, 'lena'), incoming(30), incoming(50)], []);
    theirs.commit([incoming(5), incoming(15, 'mia'), incoming(30), incoming(40), incoming(60)], []);
    ours.join(theirs);
    expect(times(ours, '@hans')).toEqual([5, 10, 30, 40, 50, 60]);
    expect(times(ours, '@lena')).toEqual([20]);
    expect(times(ours, '@mia')).toEqual([15]);
    expect(times(theirs, '@hans')).toEqual([5, 30, 40, 60]);
    // The newest message of a conversation decides on its place in the list.
    expect(ours.conversations().map(({ id }) => id)).toEqual(['@hans', '@lena', '@mia']);
  });

  it('keep the order in which each has received its messages', () => {
    ours.commit([incoming(50), incoming(10)], []);
    theirs.commit([incoming(20)], []);
    ours.join(theirs);
    expect(times(ours, '@hans')).toEqual([20, 50, 10]);
  });

  it('show an unread message of either as unread', () => {
    ours.commit([incoming(10), incoming(20), incoming(30, 'lena')], []);
    theirs.commit([incoming(15), incoming(40), incoming(50, 'lena')], []);
    for (const history of [ours, theirs]) {
      for (const { id, last } of history.conversations()) history.markRead(id, last?.position ?? 0);
    }
    theirs.commit([incoming(60)], []);
    ours.join(theirs);
    expect(unread(ours)).toEqual([
      ['@hans', 1],
      ['@lena', 0],
    ]);
    expect(ours.markRead('@hans', ours.page('@hans', undefined, 1)[0]?.position ?? 0)).toBe(0);
  });

  it('have one outbox, whose messages are found and settled', () => {
    ours.addOutgoing(outgoing(10));
    theirs.addOutgoing(outgoing(20));
    ours.join(theirs);
    expect(ours.outbox().map(({ id }) => id)).toEqual([uuid(10), uuid(20)]);
    const { changed } = ours.commit([], [{ id: uuid(20), status: { state: 'stored' } }]);
    expect(changed).toHaveLength(1);
    expect(ours.search({ text: 'number 20', limit: 5 }).messages.map(({ id }) => id)).toEqual([uuid(20)]);
  });

  it('receive later messages behind all joined ones', () => {
    ours.commit([incoming(10)], []);
    theirs.commit([incoming(20)], []);
    ours.join(theirs);
    ours.join(theirs);
    ours.commit([incoming(15)], []);
    expect(times(ours, '@hans')).toEqual([10, 20, 15]);
  });
});
