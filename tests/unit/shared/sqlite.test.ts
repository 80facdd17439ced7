import Database from 'libsql';
import { beforeEach, describe, expect, it } from 'vitest';
import { migrate, NewerSchemaError, schemaVersion } from '../../../src/shared/sqlite/migrate.ts';
import { transaction } from '../../../src/shared/sqlite/transaction.ts';

let database: Database.Database;

beforeEach(() => {
  database = new Database(':memory:');
  database.exec('CREATE TABLE numbers (number INTEGER NOT NULL)');
});

function numbers(): unknown[] {
  return database
    .prepare('SELECT number FROM numbers ORDER BY number')
    .all()
    .map((row) => (row as { number: number }).number);
}

describe('transaction', () => {
  it('commits the work and gives its result', () => {
    const work = () => {
      database.exec('INSERT INTO numbers VALUES (1)');
      return 'result';
    };
    expect(transaction(database, work)).toBe('result');
    expect(numbers()).toEqual([1]);
    expect(database.inTransaction).toBe(false);
  });

  it('rolls back failed work and throws its error', () => {
    const work = () => {
      database.exec('INSERT INTO numbers VALUES (1)');
      throw new Error('failed');
    };
    expect(() => transaction(database, work)).toThrow('failed');
    expect(numbers()).toEqual([]);
    expect(database.inTransaction).toBe(false);
  });

  it('throws the error of work that SQLite has rolled back already', () => {
    const work = () => {
      database.exec('ROLLBACK');
      throw new Error('disk full');
    };
    expect(() => transaction(database, work)).toThrow('disk full');
  });
});

describe('migrate', () => {
  const steps = [
    'INSERT INTO numbers VALUES (1);',
    'INSERT INTO numbers VALUES (2);',
    'INSERT INTO numbers VALUES (3);',
  ];

  it('applies each missing step once', () => {
    migrate(database, steps.slice(0, 1));
    migrate(database, steps);
    migrate(database, steps);
    expect(numbers()).toEqual([1, 2, 3]);
    expect(schemaVersion(database)).toBe(3);
  });

  it('applies no step if one of them fails', () => {
    migrate(database, steps.slice(0, 1));
    expect(() => migrate(database, [...steps, 'INSERT INTO missing VALUES (1);'])).toThrow('missing');
    expect(numbers()).toEqual([1]);
    expect(schemaVersion(database)).toBe(1);
  });

  it('refuses a database of a newer version', () => {
    migrate(database, steps);
    expect(() => migrate(database, steps.slice(0, 2))).toThrow(NewerSchemaError);
  });

  it('reads the version of an attached database by its name', () => {
    database.exec("ATTACH ':memory:' AS other; PRAGMA other.user_version = 7");
    expect(schemaVersion(database, 'other')).toBe(7);
  });
});
