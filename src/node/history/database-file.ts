import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import Database from 'libsql';
import { z } from 'zod';
import { ProfileError } from '../profile-error.ts';
import { MIGRATIONS } from './schema.ts';

const version = z.object({ user_version: z.number() });
/** The history of a profile, in its folder. */
export const HISTORY_FILE = 'history.db';
/** How every SQLite file starts that is not encrypted. */
const PLAIN = Buffer.from('SQLite format 3\0');
/** What encrypts a history; the driver knows no better one that also names its key. */
const CIPHER = 'aes256cbc';

/** The key does not fit the history, or one is needed and none was given. Nothing was changed. */
export class HistoryKeyError extends ProfileError {}

/** Opens a database as it is. @param encryptionKey undefined: it is plain */
export function connect(file: string, encryptionKey: string | undefined): Database.Database {
  if (encryptionKey === undefined) return new Database(file);
  // The driver's types do not know of encryption; `timeout` is its default.
  const options = { timeout: 0, encryptionCipher: CIPHER, encryptionKey: cipherKey(encryptionKey) };
  return new Database(file, options);
}

/** A key as the cipher takes it: it looks at 32 characters only, so these depend on all of the key, 192 bits of its hash. */
export function cipherKey(encryptionKey: string): string {
  return createHash('sha256').update(encryptionKey).digest('base64').slice(0, 32);
}

/** Whether a file is empty, an SQLite database that is not encrypted, or anything else. */
export function kindOf(file: string): 'empty' | 'plain' | 'other' {
  const start = Buffer.alloc(PLAIN.length);
  const handle = openSync(file, 'r');
  try {
    const length = readSync(handle, start, 0, start.length, 0);
    return length === 0 ? 'empty' : start.equals(PLAIN) ? 'plain' : 'other';
  } finally {
    closeSync(handle);
  }
}

/** How many steps a database has behind it. @param schema under which name it is attached */
export function stepsBehind(database: Database.Database, schema = 'main'): number {
  return version.parse(database.prepare(`PRAGMA ${schema}.user_version`).get()).user_version;
}

/** Brings a database up to date that has `done` steps behind it, in one transaction. */
export function stepsFrom(done: number): string {
  if (done > MIGRATIONS.length) {
    throw new ProfileError('The history was written by a newer version of this program. Use that one.');
  }
  return `BEGIN IMMEDIATE; ${MIGRATIONS.slice(done).join('')} PRAGMA user_version = ${MIGRATIONS.length}; COMMIT;`;
}
