import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import Database from 'libsql';
import { migrate, NewerSchemaError } from '../../shared/sqlite/migrate.ts';
import { ProfileError } from '../profile-error.ts';
import { HISTORY_MIGRATIONS } from './schema.ts';

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

/** Brings a history up to date. @param version its version if the caller knows it; see `migrate` */
export function migrateHistory(database: Database.Database, version?: number): void {
  try {
    migrate(database, HISTORY_MIGRATIONS, version);
  } catch (error) {
    if (!(error instanceof NewerSchemaError)) throw error;
    throw new ProfileError('The history was written by a newer version of this program. Use that one.');
  }
}
