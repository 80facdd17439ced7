import Database from 'libsql';
import { makePrivateDatabase } from './private-database.ts';

export interface FileLock {
  close(): void;
}

/**
 * Takes a lock that only one process can hold. The system releases it if the process dies: the lock is an open
 * transaction on an empty database, which SQLite maps to a file lock on every system. Throws if the disk fails.
 * @param waitMs longest time to block this process until the lock is free
 * @returns undefined if another process holds the lock
 */
export function lockFile(file: string, waitMs = 0): FileLock | undefined {
  makePrivateDatabase(file);
  const until = performance.now() + waitMs;
  for (;;) {
    const lock = tryLock(file);
    if (lock !== undefined || performance.now() >= until) return lock;
    // SQLite's own busy timeout waits longer after each attempt, which starves the process that came first.
    Atomics.wait(NEVER, 0, 0, STEP_MS);
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

const NEVER = new Int32Array(new SharedArrayBuffer(4));
const STEP_MS = 2;
