/** The part of an SQLite driver that transactions and migrations need. */
export interface SqlDatabase {
  readonly inTransaction: boolean;
  exec(sql: string): unknown;
  prepare(sql: string): { get(...values: unknown[]): unknown };
}
