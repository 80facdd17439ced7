import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';

/** The data folder cannot be used; the message is one sentence for people (A2). */
export class DataFolderError extends Error {
  override readonly name: string = 'DataFolderError';
}

/** Another server runs on the same data folder (A2). */
export class DataFolderInUseError extends DataFolderError {
  override readonly name = 'DataFolderInUseError';

  constructor(folder: string) {
    super(
      `Another server is already running on the data folder ${folder}: stop it first, or choose another with --data.`,
    );
  }
}

/** A held data folder. */
export interface DataFolderLock {
  /** Lets another server have the folder. */
  release(): void;
}

export const DATABASE_FILE = 'aside.db';
const LOCK_FILE = 'server.lock';

/**
 * Makes the folder and its files where they are missing, for the owner's eyes only (A1), and takes it for this process
 * alone. The kernel lets go of the folder when the process ends, however it ends.
 * @throws DataFolderInUseError, DataFolderError
 */
export function lockDataFolder(folder: string): DataFolderLock {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // A folder that holds other things is not the server's to close (`--data /tmp`); what it puts in is closed anyway.
    if (readdirSync(folder).length === 0) chmodSync(folder, 0o700);
    // SQLite gives the files that it makes beside a database (-wal, -shm) the database's own mode.
    for (const name of [DATABASE_FILE, LOCK_FILE]) makePrivateFile(join(folder, name));
  } catch (error) {
    throw new DataFolderError(
      `Cannot use the data folder ${folder}: ${describeFileError(error)}. Choose another with --data.`,
      {
        cause: error,
      },
    );
  }
  return lock(folder);
}

/** Never opens a file that exists: closing it would drop the locks that this process holds on it (POSIX fcntl). */
function makePrivateFile(file: string): void {
  if (!existsSync(file)) writeFileSync(file, '', { flag: 'wx', mode: 0o600 });
  chmodSync(file, 0o600);
}

/** An open exclusive transaction on an empty database is the one lock that works alike on every system SQLite knows. */
function lock(folder: string): DataFolderLock {
  try {
    const database = new Database(join(folder, LOCK_FILE));
    // Only exec: a prepared statement would keep the connection, and so the lock, past close().
    database.exec('PRAGMA journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
    return {
      release: () => {
        database.exec('ROLLBACK');
        database.close();
      },
    };
  } catch (error) {
    if (errorCode(error) === 'SQLITE_BUSY') throw new DataFolderInUseError(folder);
    throw new DataFolderError(`Cannot lock the data folder ${folder}: ${describeFileError(error)}.`, { cause: error });
  }
}

/** The name that SQLite or the system gave a failure. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not read and write there',
  EPERM: 'this user may not change it',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'there is a file of that name',
  ENOSPC: 'the disk is full',
  SQLITE_FULL: 'the disk is full',
};

/** A failure in words for people, without a full stop. */
export function describeFileError(error: unknown): string {
  return REASONS[errorCode(error)] ?? (error instanceof Error ? error.message : String(error));
}
