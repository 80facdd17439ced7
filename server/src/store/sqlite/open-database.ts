import { randomUUID } from 'node:crypto';
import Database from 'libsql';
import { migrate, NewerSchemaError } from '../../../../src/shared/sqlite/migrate.ts';
import { errorCode, DataFolderError, describeFileError } from './data-folder.ts';
import { SERVER_MIGRATIONS } from './migrations.ts';

/** A database of the store's driver. */
export type StoreDatabase = InstanceType<typeof Database>;

/** Milliseconds to wait for a lock of another tool (a backup, a shell) on the database. */
const BUSY_MS = 5_000;

/** Pages of 4 KiB in the log that start a checkpoint; more than the default, because many pages change often. */
const CHECKPOINT_PAGES = 4_000;

/** Bytes of disk that the log keeps after a checkpoint. */
const WAL_KEPT_BYTES = 64 * 1024 * 1024;

/**
 * Opens the database for the one writer, and brings its schema up to date.
 * @throws DataFolderError if it is damaged, cannot be written, or comes from a newer version
 */
export function openForWriting(file: string, maxPages: number | undefined): StoreDatabase {
  return open(file, (database) => {
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    database.exec(`PRAGMA journal_size_limit = ${WAL_KEPT_BYTES}`);
    // Overwrites removed data, freed pages included; FAST would leave longer texts on disk (D6, B7).
    // Measured: no difference up to 1 KB a message, a fifth slower at 8 KB.
    database.exec('PRAGMA secure_delete = ON');
    if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`);
    bringUpToDate(database, file);
  });
}

/**
 * Opens the database for reading beside the writer; each read sees all earlier commits.
 * @throws DataFolderError
 */
export function openForReading(file: string): StoreDatabase {
  return open(file, (database) => {
    database.exec('PRAGMA query_only = 1');
    database.exec('SELECT only FROM server');
  });
}

function open(file: string, prepare: (database: StoreDatabase) => void): StoreDatabase {
  let database: StoreDatabase | undefined;
  try {
    database = new Database(file, { timeout: BUSY_MS });
    prepare(database);
    return database;
  } catch (error) {
    database?.close();
    throw error instanceof DataFolderError
      ? error
      : new DataFolderError(describeOpenError(file, error), { cause: error });
  }
}

function describeOpenError(file: string, error: unknown): string {
  const code = errorCode(error);
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
    return `The database ${file} is damaged: restore it from a backup, or choose another data folder with --data.`;
  }
  return `Cannot open the database ${file}: ${describeFileError(error)}.`;
}

function bringUpToDate(database: StoreDatabase, file: string): void {
  try {
    migrate(database, SERVER_MIGRATIONS);
  } catch (error) {
    if (!(error instanceof NewerSchemaError)) throw error;
    throw new DataFolderError(
      `The database ${file} was written by a newer version of this server: install that version, or choose another ` +
        'data folder with --data.',
    );
  }
  database
    .prepare('INSERT INTO server (only, id, last_alive) VALUES (1, ?, 0) ON CONFLICT DO NOTHING')
    .run([randomUUID()]);
}
