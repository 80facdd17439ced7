import type Database from 'libsql';
import { type FileLock, lockFile } from '../file-lock.ts';
import { transaction } from '../../shared/sqlite/transaction.ts';
import { makePrivateDatabase } from '../private-database.ts';
import { ProfileError } from '../profile-error.ts';
import { connect, HistoryKeyError, kindOf, migrateHistory } from './database-file.ts';
import { fillFindIndex } from './find-index.ts';
import { removeUnfinishedRewrite, rewriteHistory } from './rewrite-history.ts';
import { dataFolderText } from '../../shared/text/shell.ts';

/**
 * Opens a history; creates and migrates it. With a key, a plain history is encrypted first (G8). The caller holds the lock.
 * @throws HistoryKeyError, ProfileError
 */
export function openDatabase(file: string, encryptionKey: string | undefined): Database.Database {
  makePrivateDatabase(file);
  // A crash may have left an unfinished copy with plain content.
  removeUnfinishedRewrite(file);
  if (encryptionKey === undefined) {
    if (kindOf(file) === 'other') {
      throw new HistoryKeyError(dataFolderText.historyEncrypted);
    }
    return ready(file, undefined);
  }
  if (kindOf(file) === 'plain') for (const _part of rewriteHistory(file, { from: undefined, to: encryptionKey }));
  return ready(file, encryptionKey);
}

/** Locks a history for this process. @throws ProfileError if another client has it open */
export function lockHistory(file: string): FileLock {
  let lock: FileLock | undefined;
  try {
    lock = lockFile(file);
  } catch (error) {
    throw unusable(file, error);
  }
  if (lock !== undefined) return lock;
  throw new ProfileError(dataFolderText.openElsewhere);
}

/** The error for a history that does not open, as a sentence for users. */
export function unusable(file: string, error: unknown): ProfileError {
  const reason = error instanceof Error ? error.message : 'unknown reason';
  return new ProfileError(dataFolderText.historyUnusable(file, reason));
}

/** Runs `work` in a transaction that overwrites deleted content on the disk. */
export function erasing(database: Database.Database, work: () => void): void {
  // Not for every transaction: the full-text index moves its pages, and would write each of them twice.
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
    migrateHistory(database);
    transaction(database, () => fillFindIndex(database));
    return database;
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    database.close();
    if (encryptionKey !== undefined && error instanceof Error && /not a database/i.test(error.message)) {
      throw new HistoryKeyError(dataFolderText.historyOtherKey(file));
    }
    throw error;
  }
}
