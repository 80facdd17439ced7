import { mkdirSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DataFolderError, DataFolderInUseError } from '../../../../server/src/store/sqlite/data-folder.ts';
import { SERVER_MIGRATIONS } from '../../../../server/src/store/sqlite/migrations.ts';
import { openForWriting } from '../../../../server/src/store/sqlite/open-database.ts';
import { newAccount, newMail, StoreFolder } from '../../../support/store-folder.ts';

let folder: StoreFolder;

beforeEach(() => {
  folder = new StoreFolder();
});
afterEach(() => folder.cleanUp());

const database = () => join(folder.path, 'aside.db');

async function refusal(path = folder.path): Promise<unknown> {
  const store = await folder.open({ folder: path }).catch((error: unknown) => error);
  return store;
}

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

test('Data folder is created for its owner only, with any umask (A1)', async () => {
  const path = join(folder.path, 'some', 'where');
  const umask = process.umask(0);
  try {
    const store = await folder.open({ folder: path });
    await store.appendMail([newMail(1)]);
    const names = readdirSync(path).toSorted();
    expect(names).toEqual(['aside.db', 'aside.db-shm', 'aside.db-wal', 'server.lock']);
    expect(mode(path)).toBe('700');
    expect(names.map((name) => mode(join(path, name)))).toEqual(['600', '600', '600', '600']);
  } finally {
    process.umask(umask);
  }
});

test('Data folder that is empty and open to others is closed to them (A1)', async () => {
  const path = join(folder.path, 'open');
  mkdirSync(path, { mode: 0o755 });
  await folder.open({ folder: path });
  expect(mode(path)).toBe('700');
});

test('Data folder with other files closes only those of the server to others (A1)', async () => {
  const path = join(folder.path, 'shared');
  mkdirSync(path, { mode: 0o755 });
  writeFileSync(join(path, 'aside.db'), '', { mode: 0o644 });
  await folder.open({ folder: path });
  expect(mode(path)).toBe('755');
  expect(mode(join(path, 'aside.db'))).toBe('600');
});

test('Data folder in use is refused, and free again after close (A2)', async () => {
  const first = await folder.open();
  const error = await refusal();
  expect(error).toBeInstanceOf(DataFolderInUseError);
  expect(String(error)).toContain(`already running on the data folder ${folder.path}`);
  // The refused attempt must not have let go of what the first one holds.
  expect(await refusal()).toBeInstanceOf(DataFolderInUseError);
  await first.appendMail([newMail(1)]);
  await first.close();
  const second = await folder.open();
  expect((await second.load({ receipts: 1 })).mailboxes).toHaveLength(1);
});

test('Data folder with an impossible path is refused in a sentence (A2)', async () => {
  const file = join(folder.path, 'file');
  writeFileSync(file, '');
  for (const path of [file, join(file, 'below')]) {
    const error = await refusal(path);
    expect(error).toBeInstanceOf(DataFolderError);
    expect((error as Error).message).toMatch(/^Cannot use the data folder .*file.*: .* file.*\. Choose another/);
  }
});

test('Data folder whose database is a folder is refused in a sentence, and the lock is released (A2)', async () => {
  mkdirSync(database());
  const error = await refusal();
  expect(error).toBeInstanceOf(DataFolderError);
  expect((error as Error).message).toMatch(/^Cannot open the database .*aside\.db: /);
  rmSync(database(), { recursive: true });
  await folder.open();
});

test.each([
  ['something else', () => writeFileSync(database(), 'This is no database. '.repeat(1_000))],
  ['cut off', () => truncateSync(database(), 4_096)],
])('Data folder with a damaged database is refused in a sentence: %s (A2)', async (_, damage) => {
  const store = await folder.open();
  await store.createAccount(newAccount('kevin'));
  await store.close();
  damage();
  const error = await refusal();
  expect(error).toBeInstanceOf(DataFolderError);
  expect((error as Error).message).toMatch(/^The database .*aside\.db is damaged: restore it from a backup/);
});

test('Data folder with an empty database is migrated to the newest format', async () => {
  new Database(database()).close();
  await (await folder.open()).close();
  const opened = new Database(database());
  expect(opened.prepare('PRAGMA user_version').get([])).toMatchObject({ user_version: SERVER_MIGRATIONS.length });
  opened.close();
});

test('Data folder with a database of a newer version is refused and left unchanged', async () => {
  await (await folder.open()).close();
  const newer = new Database(database());
  newer.exec(`PRAGMA user_version = ${SERVER_MIGRATIONS.length + 1}`);
  newer.close();
  const error = await refusal();
  expect(error).toBeInstanceOf(DataFolderError);
  expect((error as Error).message).toMatch(/written by a newer version of this server/);
  const after = new Database(database());
  expect(after.prepare('PRAGMA user_version').get([])).toMatchObject({ user_version: SERVER_MIGRATIONS.length + 1 });
  after.close();
});

test('Data folder is unchanged after a failed migration', async () => {
  const half = new Database(database());
  // In the way of the first step's third table.
  half.exec('CREATE TABLE blocks (x)');
  half.close();
  expect(await refusal()).toBeInstanceOf(DataFolderError);
  const after = new Database(database());
  expect(after.prepare('PRAGMA user_version').get([])).toMatchObject({ user_version: 0 });
  expect(after.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all([])).toEqual([{ name: 'blocks' }]);
  after.close();
});

test('Data folder has every commit synced to the disk (D3)', () => {
  const opened = openForWriting(database(), undefined);
  expect(opened.prepare('PRAGMA synchronous').get([])).toMatchObject({ synchronous: 2 });
  expect(opened.prepare('PRAGMA journal_mode').get([])).toMatchObject({ journal_mode: 'wal' });
  opened.close();
});
