import Database from 'libsql';
import { makePrivateDatabase } from './private-database.ts';

export interface FileLock {
  close(): void;
}

/**
 * Keeps every other program away that asks for the same lock, until this one closes it or its process ends, however it ends:
 * an open transaction on an empty database is a lock of the operating system on each of them. Throws when the disk fails.
 * @param waitMs how long this process stands still at most until it is free
 * @returns undefined where another has it
 */
export function lockFile(file: string, waitMs = 0): FileLock | undefined {
  makePrivateDatabase(file);
  const until = performance.now() + waitMs;
  for (;;) {
    const lock = tryLock(file);
    if (lock !== undefined || performance.now() >= until) return lock;
    // SQLite's own waiting takes longer steps each time, and whoever came first may never get it.
    Atomics.wait(NEVER, 0, 0, STEP_MS);
  }
}

function tryLock(file: string): FileLock | undefined {
  let database: Database.Database | undefined;
  try {
    database = new Database(file);
    // Only exec: a prepared statement would keep the connection, and so the lock, past close().
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
