import type { SqlDatabase } from './sql-database.ts';

/** Runs `work` in a transaction: commits what it did, or rolls all of it back and throws what it threw. */
export function transaction<T>(database: SqlDatabase, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite itself rolls back when the disk is full.
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
