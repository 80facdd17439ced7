import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import Database from 'libsql';
import { z } from 'zod';
import { schemaVersion } from '../../shared/sqlite/migrate.ts';
import { makePrivateDatabase } from '../private-database.ts';
import { cipherKey, connect, HistoryKeyError, migrateHistory } from './database-file.ts';
import { FindIndex } from './find-index.ts';
import { messageOf } from './rows.ts';
import { dataFolderText } from '../../shared/text/shell.ts';
import { STORAGE_LIMITS } from '../../shared/limits.ts';

const counted = z.object({ count: z.number() });

/** Current and new key of a history; undefined: plain. */
export interface HistoryKeys {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/**
 * Replaces a history by a copy with another key, or without one (G8), in short steps between which other work can run. The
 * history stays unchanged until the copy is complete and synced; after a crash or an early end, the next run starts again.
 * The caller holds the lock, and the history is not open anywhere else.
 * @yields finished part, 0 to 1
 * @throws HistoryKeyError if `from` is not the key; the system's error if the disk fails
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
    // Attach both: a prepared statement keeps a database open after close(), but not after DETACH.
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

/** Removes the copy of a rewrite that was interrupted. */
export function removeUnfinishedRewrite(file: string): void {
  for (const rest of ['', '-wal', '-shm', '-journal']) rmSync(`${file}.rewriting${rest}`, { force: true });
}

/** Copies all messages from `source` to `copy`, and fills the copy's full-text index. */
function* copyMessages(work: Database.Database, draft: string): Generator<number, void> {
  // An incomplete copy is thrown away, so it needs no rollback.
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
    if (slice % STORAGE_LIMITS.rewriteSteps === 0) work.exec('BEGIN');
    const messages = read.all(last, STORAGE_LIMITS.rewriteMessages).map(messageOf);
    write.run(last, STORAGE_LIMITS.rewriteMessages);
    for (const { position, conversation, text } of messages) {
      index.add(position, conversation, text);
      last = position;
    }
    done += messages.length;
    if ((slice + 1) % STORAGE_LIMITS.rewriteSteps === 0 || done >= total) {
      work.exec('COMMIT');
      // Sync often: one sync of everything at the end would block the process.
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

/** Migrates a history and moves its write-ahead log into the file, which is replaced next. */
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
  return new HistoryKeyError(dataFolderText.historyKeyWrong(file));
}

function attach(file: string, name: string, key: string | undefined): string {
  const text = (value: string): string => `'${value.replaceAll(`'`, `''`)}'`;
  return `ATTACH ${text(file)} AS ${name} KEY ${text(key === undefined ? '' : cipherKey(key))};`;
}

/** Detaches both files, also after a failure. */
function detachAll(work: Database.Database): void {
  if (work.inTransaction) work.exec('ROLLBACK');
  for (const name of ['copy', 'source']) {
    try {
      work.exec(`DETACH ${name}`);
    } catch {
      // The file is not attached.
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
