import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import Database from 'libsql';
import { migrate, NewerSchemaError } from '../../shared/sqlite/migrate.ts';
import { ProfileError } from '../profile-error.ts';
import { HISTORY_MIGRATIONS } from './schema.ts';
import { dataFolderText } from '../../shared/text/shell.ts';

/** File name of the history in a profile's folder. */
export const HISTORY_FILE = 'history.db';
/** First bytes of every SQLite file that is not encrypted. */
const PLAIN = Buffer.from('SQLite format 3\0');
/** Cipher of the history; the driver has no better one with a key. */
const CIPHER = 'aes256cbc';

/** The key does not open the history, or is missing. The file is unchanged. */
export class HistoryKeyError extends ProfileError {}

/** Opens a database without migrations. @param encryptionKey undefined: the database is plain */
export function connect(file: string, encryptionKey: string | undefined): Database.Database {
  if (encryptionKey === undefined) return new Database(file);
  // The driver's types do not know of encryption; `timeout` is its default.
  const options = { timeout: 0, encryptionCipher: CIPHER, encryptionKey: cipherKey(encryptionKey) };
  return new Database(file, options);
}

/** Key for the cipher, which uses 32 characters only: 192 bits of a hash, so that they depend on the whole key. */
export function cipherKey(encryptionKey: string): string {
  return createHash('sha256').update(encryptionKey).digest('base64').slice(0, 32);
}

/** Kind of a file: empty, a plain SQLite database, or `other`, as an encrypted one. */
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
    throw new ProfileError(dataFolderText.historyNewer);
  }
}
