import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HistoryKeyError } from '../../../src/node/history/database-file.ts';
import { SqliteHistory } from '../../../src/node/history/sqlite-history.ts';
import { openProfile } from '../../../src/node/profile.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const OTHER_KEY = Buffer.alloc(32, 8).toString('base64');
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aside-encrypted-'));
  file = join(folder, "it's here", 'history.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const message = (n: number) => ({
  id: `018c3f5e-0000-7000-8000-${String(n).padStart(12, '0')}`,
  conversation: '@hansimgluck',
  from: 'Hansimgluck',
  to: 'kevinallein',
  text: `Geheimnisvoll ${n}`,
  at: n,
});
const texts = (history: SqliteHistory) => history.page('@hansimgluck', undefined, 1_000).map(({ text }) => text);

/** Secret words that any file of the history contains in plain text. */
function readable(): string[] {
  const bytes = readdirSync(join(file, '..')).map((name) => readFileSync(join(file, '..', name)));
  return ['Geheimnisvoll', 'geheimnisvoll', 'Hansimgluck', 'hansimgluck', 'kevinallein', 'CREATE TABLE'].filter(
    (word) => bytes.some((one) => one.includes(word)),
  );
}

describe('Encrypted history (G8)', () => {
  it('has no text or name in plain text in any of its files, open or closed', () => {
    const history = new SqliteHistory(file, { encryptionKey: KEY });
    history.commit(
      Array.from({ length: 300 }, (_one, n) => message(n)),
      [],
    );
    expect(history.search({ text: 'geheimnis', limit: 1 }).messages).toHaveLength(1);
    expect(readdirSync(join(file, '..'))).toContain('history.db-wal');
    expect(readable()).toEqual([]);
    history.close();
    expect(readable()).toEqual([]);
    const again = new SqliteHistory(file, { encryptionKey: KEY });
    expect(texts(again)).toHaveLength(300);
    again.close();
  });

  it('differs from a plain history, which contains them (check of this test)', () => {
    const history = new SqliteHistory(file);
    history.commit([message(1)], []);
    expect(readable()).toEqual(expect.arrayContaining(['Geheimnisvoll', 'Hansimgluck', 'kevinallein']));
    history.close();
  });

  it('contains no deleted text, and neither does a plain history', () => {
    const history = new SqliteHistory(file);
    history.commit([message(1), message(2)], []);
    history.clear('@hansimgluck');
    expect(readable()).not.toContain('Geheimnisvoll');
    expect(readable()).not.toContain('Hansimgluck');
    history.close();
  });

  it('does not open with a wrong or missing key, and stays unchanged', () => {
    const history = new SqliteHistory(file, { encryptionKey: KEY });
    history.commit([message(1)], []);
    history.close();
    const before = readFileSync(file);
    for (const encryptionKey of [OTHER_KEY, `${KEY} `, undefined]) {
      expect(() => new SqliteHistory(file, { encryptionKey })).toThrow(HistoryKeyError);
    }
    expect(() => new SqliteHistory(file, { encryptionKey: OTHER_KEY })).toThrow('encrypted with another');
    expect(() => new SqliteHistory(file)).toThrow('no key for it');
    expect(readFileSync(file).equals(before)).toBe(true);
    const again = new SqliteHistory(file, { encryptionKey: KEY });
    expect(texts(again)).toEqual(['Geheimnisvoll 1']);
    again.close();
  });

  it('replaces a plain history with all messages once there is a key', () => {
    const plain = new SqliteHistory(file);
    plain.commit([message(1), message(2), message(3)], []);
    plain.addOutgoing({ ...message(4), from: 'kevinallein', status: { state: 'queued', attempted: false } });
    plain.markRead('@hansimgluck', 1);
    plain.removeAt(4);
    plain.close();
    // The file that a crash during the rewrite leaves.
    writeFileSync(`${file}.rewriting`, 'half');
    for (let round = 0; round < 2; round++) {
      const history = new SqliteHistory(file, { encryptionKey: KEY });
      expect(texts(history)).toEqual(['Geheimnisvoll 1', 'Geheimnisvoll 2', 'Geheimnisvoll 3']);
      expect(history.conversations()).toMatchObject([{ username: 'Hansimgluck', unread: 2 }]);
      expect(history.search({ text: 'voll 2', limit: 9 }).messages.map(({ position }) => position)).toEqual([2]);
      history.close();
      expect(readable()).toEqual([]);
      expect(readdirSync(join(file, '..'))).not.toContain('history.db.rewriting');
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    const history = new SqliteHistory(file, { encryptionKey: KEY });
    expect(history.commit([message(5)], []).added[0]?.position).toBe(5);
    history.close();
  });

  it('is used by a profile whose host has a key for its folder', () => {
    const server = { host: '127.0.0.1', port: 1 };
    const encryptionKey = (profileFolder: string) => (profileFolder.endsWith('kevin') ? KEY : undefined);
    openProfile(folder, server, 'kevin', { encryptionKey }).close();
    expect(() => openProfile(folder, server, 'kevin')).toThrow('no key for it');
    openProfile(folder, server, 'hans', { encryptionKey }).close();
    openProfile(folder, server, 'hans').close();
  });
});
