import type { SqlDatabase } from './sql-database.ts';
import { transaction } from './transaction.ts';

/** A newer version of the program wrote the database; this version must not touch it. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';
}

/** Number of migrations that a database has had. @param schema name under which it is attached */
export function schemaVersion(database: SqlDatabase, schema = 'main'): number {
  const row = database.prepare(`PRAGMA ${schema}.user_version`).get() as { user_version: number };
  return row.user_version;
}

/**
 * Brings a database up to date, all missing steps in one transaction.
 * @param migrations step n brings a database from version n to n + 1
 * @param version the database's version if the caller knows it: no statement is prepared then, and `close` closes the file
 * @throws NewerSchemaError if the database has had more steps than there are
 */
export function migrate(
  database: SqlDatabase,
  migrations: readonly string[],
  version: number = schemaVersion(database),
): void {
  if (version > migrations.length) throw new NewerSchemaError(`schema version ${version}`);
  if (version === migrations.length) return;
  transaction(database, () => {
    for (const step of migrations.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}
