import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import Database from 'libsql';
import { z } from 'zod';
import { ProfileError } from '../profile-error.ts';
import { fillFindIndex } from './find-index.ts';
import { MIGRATIONS } from './schema.ts';

const version = z.object({ user_version: z.number() });
/** How every SQLite file starts that is not encrypted. */
const PLAIN = Buffer.from('SQLite format 3\0');

/** The key does not fit the history, or one is needed and none was given. Nothing was changed. */
export class HistoryKeyError extends ProfileError {}

/**
 * Opens a history, making or bringing up to date what is needed. With a key, one that is not yet encrypted becomes so
 * first (G8). The caller holds the lock.
 * @throws HistoryKeyError, ProfileError
 */
export function openDatabase(file: string, encryptionKey: string | undefined): Database.Database {
  makePrivateDatabase(file);
  if (encryptionKey === undefined) {
    if (kindOf(file) === 'other') {
      throw new HistoryKeyError(
        'This history is encrypted, and this program has no key for it. Open it with the desktop app, or give --data another folder.',
      );
    }
    return ready(file, undefined);
  }
  if (kindOf(file) === 'plain') encrypt(file, encryptionKey);
  return ready(file, encryptionKey);
}

/**
 * Keeps every other client away from a history, until this one closes or its process ends, however it ends: an open
 * transaction on an empty database is a lock of the operating system on each of them.
 * @throws ProfileError where another client has it
 */
export function lockHistory(file: string): Database.Database {
  let database: Database.Database | undefined;
  try {
    makePrivateDatabase(file);
    database = new Database(file);
    // Only exec: a prepared statement would keep the connection, and so the lock, past close().
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) {
      throw new ProfileError(
        'This account is already open in another client with the same data folder. Use that one, or give --data another folder.',
      );
    }
    throw unusable(file, error);
  }
}

/** What is wrong with a history that does not open, for people. */
export function unusable(file: string, error: unknown): ProfileError {
  const reason = error instanceof Error ? error.message : 'unknown reason';
  return new ProfileError(
    `The history cannot be used: ${file} (${reason}). Check who owns it and that the disk is not full.`,
  );
}

/** Runs `work` in a transaction of its own: all of it is on the disk afterwards, or nothing. */
export function transaction<T>(database: Database.Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Runs `work` in a transaction of its own that overwrites what it deletes, rather than only forgetting it. */
export function erasing(database: Database.Database, work: () => void): void {
  // Not always: the index moves its pages about, and would write each of them once more.
  database.pragma('secure_delete = ON');
  try {
    transaction(database, work);
  } finally {
    database.pragma('secure_delete = OFF');
  }
}

function ready(file: string, encryptionKey: string | undefined): Database.Database {
  const database = connect(file, encryptionKey);
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    migrate(database);
    return database;
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    database.close();
    if (encryptionKey !== undefined && error instanceof Error && /not a database/i.test(error.message)) {
      throw new HistoryKeyError(
        `The key does not open the history: ${file}. It was encrypted with another one; give this program its old data folder with the key, or another folder.`,
      );
    }
    throw error;
  }
}

function connect(file: string, encryptionKey: string | undefined): Database.Database {
  if (encryptionKey === undefined) return new Database(file);
  // The cipher looks at 32 characters only, so these have to depend on all of the key: 192 bits of its hash.
  const characters = createHash('sha256').update(encryptionKey).digest('base64').slice(0, 32);
  // The driver's types do not know of encryption; `timeout` is its default.
  const options = { timeout: 0, encryptionCipher: 'aes256cbc', encryptionKey: characters };
  return new Database(file, options);
}

/**
 * Replaces a plain history by an encrypted copy. Until the copy is complete and on the disk the plain one stays; a
 * crash in between starts this anew. Only exec, no prepared statements: those would keep the files open past close().
 */
function encrypt(file: string, encryptionKey: string): void {
  const draft = `${file}.encrypting`;
  for (const rest of ['', '-wal', '-shm', '-journal']) rmSync(`${draft}${rest}`, { force: true });
  makePrivateDatabase(draft);
  const plain = connect(file, undefined);
  try {
    // Puts all of it into the one file, and empties the log: no text may stay behind in it.
    plain.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    plain.exec(`${stepsFrom(versionInHeader(file))} PRAGMA wal_checkpoint(TRUNCATE);`);
    if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0) throw new Error('it is in use');
  } finally {
    plain.close();
  }
  const copy = connect(draft, encryptionKey);
  try {
    copy.exec(`PRAGMA synchronous = FULL; ${stepsFrom(0)} ATTACH '${file.replaceAll(`'`, `''`)}' AS plain KEY '';
      BEGIN;
      INSERT INTO message SELECT * FROM plain.message;
      INSERT INTO conversation SELECT * FROM plain.conversation;
      DELETE FROM sqlite_sequence;
      INSERT INTO sqlite_sequence SELECT * FROM plain.sqlite_sequence;
      COMMIT;
      DETACH plain;`);
  } finally {
    copy.close();
  }
  const handle = openSync(draft, 'r+');
  fsyncSync(handle);
  closeSync(handle);
  renameSync(draft, file);
  for (const rest of ['-wal', '-shm']) rmSync(`${file}${rest}`, { force: true });
}

/** Whether a file is empty, an SQLite database that is not encrypted, or anything else. */
function kindOf(file: string): 'empty' | 'plain' | 'other' {
  const start = Buffer.alloc(PLAIN.length);
  const handle = openSync(file, 'r');
  try {
    const length = readSync(handle, start, 0, start.length, 0);
    return length === 0 ? 'empty' : start.equals(PLAIN) ? 'plain' : 'other';
  } finally {
    closeSync(handle);
  }
}

/** Made before SQLite does, so that it is never readable by others. One that exists is not touched: closing it would drop locks. */
function makePrivateDatabase(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
}

/** The `user_version` of a plain database whose log is empty (SQLite's file format, offset 60). */
function versionInHeader(file: string): number {
  const bytes = Buffer.alloc(4);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, bytes, 0, 4, 60);
    return bytes.readUInt32BE();
  } finally {
    closeSync(handle);
  }
}

/** Brings a database up to date that has `done` steps behind it, in one transaction. */
function stepsFrom(done: number): string {
  if (done > MIGRATIONS.length) {
    throw new ProfileError('The history was written by a newer version of this program. Use that one.');
  }
  return `BEGIN IMMEDIATE; ${MIGRATIONS.slice(done).join('')} PRAGMA user_version = ${MIGRATIONS.length}; COMMIT;`;
}

function migrate(database: Database.Database): void {
  const { user_version: done } = version.parse(database.prepare('PRAGMA user_version').get());
  if (done !== MIGRATIONS.length) database.exec(stepsFrom(done));
  transaction(database, () => fillFindIndex(database));
}
