import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HISTORY_MIGRATIONS } from '../../../src/node/history/schema.ts';
import { SqliteHistory } from '../../../src/node/history/sqlite-history.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aside-search-'));
  file = join(folder, 'history.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const uuid = (n: number) => `018c3f5e-0000-7000-8000-${String(n).padStart(12, '0')}`;
const message = (n: number, text: string, from = 'hans') => ({
  id: uuid(n),
  conversation: `@${from}`,
  from,
  to: 'kevin',
  text,
  at: n,
});

/** Number of messages in the index. */
function indexed(): number {
  const database = new Database(file);
  const rows = database.prepare(`SELECT rowid FROM find WHERE find MATCH '"NEE"'`).all();
  database.close();
  return rows.length;
}

function using<T>(work: (history: SqliteHistory) => T): T {
  const history = new SqliteHistory(file);
  try {
    return work(history);
  } finally {
    history.close();
  }
}

describe('Folded text in a search', () => {
  it.each([
    ['zolw', 'żółw'],
    ['ŻÓŁW', 'zolw'],
    ['smorrebrod', 'Smørrebrød'],
    ['dakovo', 'Đakovo'],
    ['ghajnsielem hamrun', 'Għajnsielem, Ħamrun'],
    ['kırık', 'kirik'],
    ['istanbul', 'İSTANBUL'],
    ['שלום', 'שָׁלוֹם'],
    ['zusammenbruch', 'Zusammen\u00ADbruch'],
    ['zerowidth', 'zero\u200Bwid\u200Dth'],
    ['i ❤ you', 'I ❤\uFE0F you'],
    ['i ❤\uFE0F you', 'I ❤ you'],
    ['encyclopaedia', 'encyclopædia'],
    ['"see you"', 'see\nyou'],
    ['"see you" "at six"', 'at six I see you'],
    ['from:hans six', 'at six'],
    ['from:@HANS', 'x'],
    ['has:link', 'see www.example.org'],
    ['has:link six', 'six https://a.example'],
    ['after:1969-12-01 before:1971-01-01 six', 'six'],
    ['before:soon six', 'six before:soon'],
  ])('%j finds %j', (query, text) => {
    using((history) => {
      history.commit([message(1, text)], []);
      expect(history.search({ text: query, limit: 9 }).messages).toHaveLength(1);
    });
  });

  it.each([
    ['"you see"', 'see you'],
    ['from:han six', 'at six'],
    ['has:link', 'README.md'],
    ['after:1971-01-01 six', 'six'],
    ['before:1969-12-01', 'six'],
  ])('%j does not find %j', (query, text) => {
    using((history) => {
      history.commit([message(1, text)], []);
      expect(history.search({ text: query, limit: 9 }).messages).toEqual([]);
    });
  });

  it('is in the index of a history that an earlier version filled', () => {
    using((history) => history.commit([message(1, 'Łódź')], []));
    const old = new Database(file);
    old.exec(
      `DROP TABLE find; UPDATE find_state SET filled = 1; ${HISTORY_MIGRATIONS[3]?.split('CREATE TABLE')[0] ?? ''}`,
    );
    old.exec('PRAGMA user_version = 4');
    old.close();
    using((history) => expect(history.search({ text: 'lodz', limit: 9 }).messages).toHaveLength(1));
  });
});

describe('Search of the history (G2)', () => {
  const TEXTS = [
    'Die Grüße aus MÜNCHEN',
    'say "hello" AND goodbye*',
    '100% sure_thing; DROP TABLE message; --',
    'ﬁnal répondez s’il vous plaît',
    '你好世界 こんにちは',
    'nul \u0000 behind it',
    '🙂🙃🙂 smile',
    'a b c',
    'Київ и Москва',
    'İstanbul',
    'οδοσήμανση',
    'काम',
  ];

  it.each([
    ['grusse', [0]],
    ['GRÜẞE', [0]],
    ['ünch', [0]],
    ['munchen die', [0]],
    ['die fehlt', []],
    ['"hello"', [1]],
    ['hello"', [1]],
    ['AND', [1]],
    ['goodbye*', [1]],
    ['goodby*', []],
    ['hello OR munchen', []],
    ['NOT hello', []],
    ['text:hello', []],
    ['hel* "', []],
    ['100%', [2]],
    ['10%', []],
    ['sure_thing', [2]],
    ['sure-thing', []],
    ['DROP TABLE message; --', [2]],
    ['final', [3]],
    ['repondez', [3]],
    ['你好', [4]],
    ['好世', [4]],
    ['你好世', [4]],
    ['こんにちは', [4]],
    ['behind', [5]],
    ['nul behind', [5]],
    ['🙃', [6]],
    ['🙃🙂 sm', [6]],
    ['🙂🙃🙂', [6]],
    ['b', [1, 2, 5, 7, 9]],
    ['οδος', [10]],
    ['ΟΔΟΣ', [10]],
    ['का', [11]],
    ['कि', []],
    ['київ', [8]],
    ['istanbul', [9]],
    ['   ', []],
    ['\u0301', []],
    ['\u0000', []],
  ])('%j finds %j', (query, wanted) => {
    using((history) => {
      history.commit(
        TEXTS.map((text, n) => message(n, text)),
        [],
      );
      for (const conversation of [undefined, '@hans']) {
        const { messages, next } = history.search({ text: query, conversation, limit: 50 });
        expect(messages.map(({ text }) => TEXTS.indexOf(text))).toEqual([...wanted].sort((one, other) => other - one));
        expect(next).toBeUndefined();
      }
      expect(history.search({ text: query, conversation: '@yoda', limit: 50 }).messages).toEqual([]);
    });
  });

  it('returns the newest first, and continues where it stopped', () => {
    using((history) => {
      history.commit(
        Array.from({ length: 700 }, (_one, n) => message(n, `needle ${n}`, n % 2 === 0 ? 'hans' : 'yoda')),
        [],
      );
      for (const text of ['needle', 'ne']) {
        const seen: string[] = [];
        let before: number | undefined;
        for (let pages = 0; pages < 50; pages++) {
          const { messages, next } = history.search({ text, conversation: '@hans', before, limit: 30 });
          seen.push(...messages.map((one) => one.text));
          before = next;
          if (next === undefined) break;
        }
        expect(seen).toEqual(Array.from({ length: 350 }, (_one, n) => `needle ${698 - 2 * n}`));
      }
    });
  });

  it('checks a limited number of messages at a time, and returns where to continue', () => {
    using((history) => {
      const many = Array.from({ length: 10_500 }, (_one, n) => message(n, n === 0 ? 'xy first' : 'abc bcd cde'));
      history.commit(many, []);
      const first = history.search({ text: 'xy', limit: 5 });
      expect(first.messages).toEqual([]);
      expect(history.search({ text: 'xy', before: first.next, limit: 5 }).messages).toHaveLength(1);
      // Every message contains every trigram of the query, but never next to each other.
      const parts = history.search({ text: 'abcde', limit: 5 });
      expect(parts).toEqual({ messages: [], next: expect.any(Number) });
    });
  });

  it('does not find deleted, cancelled or uncommitted messages', () => {
    using((history) => {
      history.commit([message(1, 'needle one'), message(2, 'needle two')], []);
      const queued = {
        ...message(3, 'needle three'),
        from: 'kevin',
        status: { state: 'queued', attempted: false } as const,
      };
      history.addOutgoing(queued);
      const broken = { ...message(5, 'x'), text: undefined as unknown as string };
      expect(() => history.commit([message(4, 'needle four'), broken], [])).toThrow();
      const found = () => history.search({ text: 'needle', limit: 9 }).messages.map(({ text }) => text);
      expect(found()).toEqual(['needle three', 'needle two', 'needle one']);
      history.remove(uuid(3));
      history.removeAt(1);
      expect(found()).toEqual(['needle two']);
      expect(indexed()).toBe(1);
      history.clear('@hans');
      expect(found()).toEqual([]);
    });
    expect(indexed()).toBe(0);
  });

  it('finds messages of a history from before the index, and counts its unread ones', () => {
    const old = new Database(file);
    for (const step of HISTORY_MIGRATIONS.slice(0, 2)) old.exec(step);
    old.exec('PRAGMA user_version = 2');
    const insert = old.prepare(
      `INSERT INTO message (id, conversation, incoming, sender, text, at, state) VALUES (?, '@hans', 1, 'hans', ?, 1, 'received')`,
    );
    for (let n = 1; n <= 300; n++) insert.run([uuid(n), Buffer.from(`needle ${n}`)]);
    old.exec(`INSERT INTO conversation VALUES ('@hans', 'hans', 300, 290)`);
    old.close();
    for (let round = 0; round < 2; round++) {
      using((history) => {
        expect(history.search({ text: 'needle', limit: 1_000 }).messages).toHaveLength(300);
        expect(history.conversations()).toMatchObject([{ id: '@hans', unread: 10, last: { text: 'needle 300' } }]);
        expect(history.markRead('@hans', 295)).toBe(5);
        history.markRead('@hans', 290);
      });
      const back = new Database(file);
      back.exec(`UPDATE conversation SET read_through = 290, unread = 10`);
      back.close();
    }
  });
});
