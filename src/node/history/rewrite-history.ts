import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import Database from 'libsql';
import { z } from 'zod';
import { schemaVersion } from '../../shared/sqlite/migrate.ts';
import { makePrivateDatabase } from '../private-database.ts';
import { cipherKey, connect, HistoryKeyError, migrateHistory } from './database-file.ts';
import { FindIndex } from './find-index.ts';
import { messageOf } from './rows.ts';

/** Messages that are copied at once: a few milliseconds. */
const SLICE = 100;
/** Slices that are written together. */
const SLICES = 20;

const counted = z.object({ count: z.number() });

/** The key that a history has, and the one that it is to have; undefined: it is readable. */
export interface HistoryKeys {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/**
 * Replaces a history by a copy with another key, or with none (G8), a little at each step, so that other things may happen in
 * between. Until the copy is complete and on the disk the history stays as it is; a crash in between starts this anew,
 * and so does whoever stops before the end. The caller holds the lock, and nothing else has the history open.
 * @yields which part is done, 0 to 1
 * @throws HistoryKeyError where `from` is not its key; the system's error when the disk fails
 */
export function* rewriteHistory(file: string, { from, to }: HistoryKeys): Generator<number, void> {
  const draft = `${file}.rewriting`;
  removeUnfinishedRewrite(file);
  bringUpToDate(file, from);
  makePrivateDatabase(draft);
  try {
    const copy = connect(draft, to);
    try {
      migrateHistory(copy, 0);
    } finally {
      copy.close();
    }
    // Both are attached: what was prepared would keep a database open past close(), but not past DETACH.
    const work = new Database(':memory:');
    try {
      work.exec(`${attach(draft, 'copy', to)} ${attach(file, 'source', from)}`);
      yield* copyMessages(work, draft);
      work.exec('DETACH copy; DETACH source;');
    } finally {
      detachAll(work);
    }
    sync(draft);
    renameSync(draft, file);
    for (const rest of ['-wal', '-shm']) rmSync(`${file}${rest}`, { force: true });
  } finally {
    removeUnfinishedRewrite(file);
  }
}

/** Takes away what a rewriting has left that did not come to its end. */
export function removeUnfinishedRewrite(file: string): void {
  for (const rest of ['', '-wal', '-shm', '-journal']) rmSync(`${file}.rewriting${rest}`, { force: true });
}

/** Copies what is in `source` to `copy`, with an index of its own. */
function* copyMessages(work: Database.Database, draft: string): Generator<number, void> {
  // The copy counts for nothing before it is complete, so nothing in it has to be taken back.
  work.exec('PRAGMA copy.synchronous = OFF; PRAGMA copy.journal_mode = OFF;');
  const total = counted.parse(work.prepare('SELECT count(*) AS count FROM source.message').get()).count;
  const read = work.prepare('SELECT * FROM source.message WHERE position > ? ORDER BY position LIMIT ?');
  const write = work.prepare(
    'INSERT INTO copy.message SELECT * FROM source.message WHERE position > ? ORDER BY position LIMIT ?',
  );
  const index = new FindIndex(work);
  let last = Number.MIN_SAFE_INTEGER;
  let done = 0;
  for (let slice = 0; done < total; slice++) {
    if (slice % SLICES === 0) work.exec('BEGIN');
    const messages = read.all(last, SLICE).map(messageOf);
    write.run(last, SLICE);
    for (const { position, conversation, text } of messages) {
      index.add(position, conversation, text);
      last = position;
    }
    done += messages.length;
    if ((slice + 1) % SLICES === 0 || done >= total) {
      work.exec('COMMIT');
      // A little each time: all of it at the end would hold up everything else.
      sync(draft);
    }
    if (messages.length === 0) break;
    yield done / total;
  }
  work.exec(`BEGIN;
    INSERT INTO copy.conversation SELECT * FROM source.conversation;
    DELETE FROM copy.sqlite_sequence;
    INSERT INTO copy.sqlite_sequence SELECT * FROM source.sqlite_sequence;
    UPDATE copy.find_state SET filled = 1;
    COMMIT;`);
}

/** Puts all of a history into its one file, as today's programs make it: nothing may stay behind in its log. */
function bringUpToDate(file: string, key: string | undefined): void {
  const looking = new Database(':memory:');
  let version: number;
  try {
    looking.exec(attach(file, 'source', key));
    version = schemaVersion(looking, 'source');
  } catch (error) {
    throw keyError(file, error);
  } finally {
    detachAll(looking);
  }
  const source = connect(file, key);
  try {
    source.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    migrateHistory(source, version);
    source.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0) throw new Error('it is in use');
  } finally {
    source.close();
  }
}

function keyError(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !/not a database/i.test(error.message)) return error;
  return new HistoryKeyError(`The key does not open the history: ${file}. Restore the data folder as a whole.`);
}

function attach(file: string, name: string, key: string | undefined): string {
  const text = (value: string): string => `'${value.replaceAll(`'`, `''`)}'`;
  return `ATTACH ${text(file)} AS ${name} KEY ${text(key === undefined ? '' : cipherKey(key))};`;
}

/** Lets go of both files, also after a failure. */
function detachAll(work: Database.Database): void {
  if (work.inTransaction) work.exec('ROLLBACK');
  for (const name of ['copy', 'source']) {
    try {
      work.exec(`DETACH ${name}`);
    } catch {
      // It is not attached.
    }
  }
  work.close();
}

function sync(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
