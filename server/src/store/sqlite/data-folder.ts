import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';

/** The data folder cannot be used; the message is one sentence for the operator (A2). */
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

/** The lock on a data folder. */
export interface DataFolderLock {
  /** Releases the folder for another server. */
  release(): void;
}

export const DATABASE_FILE = 'aside.db';
const LOCK_FILE = 'server.lock';

/**
 * Creates the folder and its files if they are missing, readable by their owner only (A1), and locks the folder for
 * this process. The kernel releases the lock when the process ends for any reason.
 * @throws DataFolderInUseError, DataFolderError
 */
export function lockDataFolder(folder: string): DataFolderLock {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // A folder with other files keeps its mode (`--data /tmp`); the server's own files are private anyway.
    if (readdirSync(folder).length === 0) chmodSync(folder, 0o700);
    // SQLite creates the files beside a database (-wal, -shm) with the mode of the database.
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

/** An open exclusive transaction on an empty database is a lock that works the same on every system of SQLite. */
function lock(folder: string): DataFolderLock {
  try {
    const database = new Database(join(folder, LOCK_FILE));
    // Only `exec`, because a prepared statement would keep the connection and its lock beyond close().
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

/** The error code of SQLite or the operating system. */
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

/** Describes an error for users, without a full stop. */
export function describeFileError(error: unknown): string {
  return REASONS[errorCode(error)] ?? (error instanceof Error ? error.message : String(error));
}
