import { closeSync, existsSync, openSync, rmSync } from 'node:fs';

/**
 * Creates a database file before SQLite does, so that only its owner can read it. Does not open an existing file: closing
 * it would drop the locks that this process holds on it (POSIX fcntl).
 */
export function makePrivateDatabase(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
}

/** Deletes a database that is closed, and the files that SQLite keeps beside it. */
export function removeDatabase(file: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${ending}`, { force: true });
}
