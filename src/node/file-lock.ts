import Database from 'libsql';
import { makePrivateDatabase } from './private-database.ts';

export interface FileLock {
  /** Releases the lock. */
  close(): void;
}

/**
 * Takes a lock that only one holder can have. The system releases it if the process dies: the lock is an open transaction
 * on a database without tables, and SQLite holds a lock of the operating system on its file. Throws if the file cannot be
 * created or opened.
 * @param file used for the lock only; never deleted
 * @param waitMs milliseconds to block this thread until the lock is free; 0 tries once
 * @returns undefined if the lock is held elsewhere, in this process too
 */
export function lockFile(file: string, waitMs = 0): FileLock | undefined {
  makePrivateDatabase(file);
  const until = performance.now() + waitMs;
  for (;;) {
    const lock = tryLock(file);
    if (lock !== undefined || performance.now() >= until) return lock;
    // SQLite's own busy timeout waits longer after each attempt, so a newcomer could overtake a process that has waited longer.
    Atomics.wait(NEVER_NOTIFIED, 0, 0, RETRY_MS);
  }
}

function tryLock(file: string): FileLock | undefined {
  let database: Database.Database | undefined;
  try {
    database = new Database(file);
    // Use exec only: a prepared statement keeps the connection, and so the lock, after close().
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) return undefined;
    throw error;
  }
}

const NEVER_NOTIFIED = new Int32Array(new SharedArrayBuffer(4));
const RETRY_MS = 2;
