import type { SettledStatus } from '../../../../src/shared/protocol/messages.ts';
import { StorageError } from '../store.ts';
import type {
  AccountId,
  OnlineInterval,
  LockoutRecord,
  Mail,
  MailboxSize,
  Receipt,
  Settlement,
  Snapshot,
  TokenFamily,
} from '../store.ts';
import { describeFileError } from './data-folder.ts';
import { STILL_OPEN } from './migrations.ts';
import type { StoreDatabase } from './open-database.ts';

/** A value as the driver reads it; a BLOB is a Buffer or an ArrayBuffer, depending on the call. */
type Value = string | number | Buffer | ArrayBuffer | null;
type Row = Readonly<Record<string, Value>>;

type Query = (...values: readonly (string | number)[]) => readonly Row[];

/**
 * Reads on a connection of its own, so that no read waits for the writer. Every query reads all its rows: an unfinished
 * one would keep the connection on an old snapshot.
 */
export class Reader {
  readonly #database: StoreDatabase;
  readonly #passwordHash: Query;
  readonly #tokenFamily: Query;
  readonly #mailSizes: Query;
  readonly #mail: Query;
  readonly #settlements: Query;
  readonly #intervals: Query;
  readonly #newestIntervals: Query;

  /** @param database opened by `openForReading` */
  constructor(database: StoreDatabase) {
    this.#database = database;
    this.#passwordHash = this.#query('SELECT password_hash FROM accounts WHERE id = ?');
    this.#tokenFamily = this.#query('SELECT * FROM token_families WHERE id = ?');
    this.#mailSizes = this.#query('SELECT seq, bytes FROM mail WHERE recipient = ? AND seq > ? ORDER BY seq LIMIT ?');
    this.#mail = this.#query(
      'SELECT seq, sender, sender_name, id, text, at FROM mail WHERE recipient = ? AND seq > ? AND seq <= ? ORDER BY seq',
    );
    this.#settlements = this.#query(
      `SELECT seq, coalesce(username, '') AS recipient_name, settlements.id, status, at
       FROM settlements LEFT JOIN accounts ON accounts.id = recipient
       WHERE sender = ? AND seq > ? ORDER BY seq LIMIT ?`,
    );
    // CROSS JOIN fixes the order of the loops: accounts first, then their intervals by the index on the end.
    this.#intervals = this.#query(
      `SELECT intervals.account, started, ended FROM accounts CROSS JOIN intervals ON intervals.account = accounts.id
       WHERE accounts.key > ? AND ended >= ? ORDER BY accounts.key, started LIMIT ?`,
    );
    this.#newestIntervals = this.#query(
      'SELECT * FROM intervals WHERE account = ? AND ended >= ? ORDER BY ended DESC, started DESC LIMIT ?',
    );
  }

  /** @throws StorageError */
  load(limits: { receipts: number }): Snapshot {
    const server = this.#all('SELECT id, last_alive FROM server')[0];
    if (!server) throw new StorageError('The database has lost the name of its server.');
    return {
      serverId: text(server, 'id'),
      lastAlive: number(server, 'last_alive'),
      accounts: this.#all('SELECT id, username, key, skeleton FROM accounts ORDER BY id').map((row) => ({
        id: number(row, 'id'),
        username: text(row, 'username'),
        key: text(row, 'key'),
        skeleton: text(row, 'skeleton'),
      })),
      blocks: this.#all('SELECT owner, blocked FROM blocks').map((row) => ({
        by: number(row, 'owner'),
        blocked: number(row, 'blocked'),
      })),
      mailboxes: this.#mailboxes(),
      lockouts: this.#lockouts(),
      receipts: this.#receipts(limits.receipts),
      openIntervals: this.#all(`SELECT * FROM intervals WHERE ended = ${STILL_OPEN} ORDER BY rowid`).map(intervalOf),
    };
  }

  passwordHash(account: AccountId): string | undefined {
    const row = this.#passwordHash(account)[0];
    return row && text(row, 'password_hash');
  }

  tokenFamily(id: string): TokenFamily | undefined {
    const row = this.#tokenFamily(id)[0];
    if (!row) return undefined;
    return {
      id: text(row, 'id'),
      account: number(row, 'account'),
      deviceId: text(row, 'device_id'),
      currentHash: bytes(row, 'current_hash'),
      previousHash: row['previous_hash'] === null ? null : bytes(row, 'previous_hash'),
      previousUntil: number(row, 'previous_until'),
      createdAt: number(row, 'created_at'),
      expiresAt: number(row, 'expires_at'),
    };
  }

  readMail(account: AccountId, after: number, limit: { messages: number; bytes: number }): readonly Mail[] {
    let through = after;
    let size = 0;
    for (const row of this.#mailSizes(account, after, Math.max(1, limit.messages))) {
      size += number(row, 'bytes');
      if (through > after && size > limit.bytes) break;
      through = number(row, 'seq');
    }
    if (through === after) return [];
    return this.#mail(account, after, through).map((row) => ({
      seq: number(row, 'seq'),
      from: number(row, 'sender'),
      fromName: text(row, 'sender_name'),
      id: text(row, 'id'),
      text: bytes(row, 'text').toString(),
      at: number(row, 'at'),
    }));
  }

  readSettlements(account: AccountId, after: number, limit: number): readonly Settlement[] {
    return this.#settlements(account, after, limit).map((row) => ({
      seq: number(row, 'seq'),
      to: text(row, 'recipient_name'),
      id: text(row, 'id'),
      status: text(row, 'status') as SettledStatus,
      at: number(row, 'at'),
    }));
  }

  intervalsSince(since: number, afterKey: string, limit: number): readonly OnlineInterval[] {
    const intervals = this.#intervals(afterKey, since, limit + 1).map(intervalOf);
    const cut = intervals[limit]?.account;
    if (cut === undefined) return intervals;
    const whole = intervals.filter(({ account }) => account !== cut);
    return whole.length > 0 ? whole : this.#newestIntervals(cut, since, limit).map(intervalOf).reverse();
  }

  close(): void {
    this.#database.close();
  }

  #mailboxes(): Snapshot['mailboxes'] {
    const rows = this.#all('SELECT recipient, count(*) AS messages, sum(bytes) AS bytes FROM mail GROUP BY recipient');
    return rows.map((row): MailboxSize & { account: AccountId } => ({
      account: number(row, 'recipient'),
      messages: number(row, 'messages'),
      bytes: number(row, 'bytes'),
    }));
  }

  #lockouts(): readonly LockoutRecord[] {
    return this.#all('SELECT key, failures, locked_until FROM lockouts ORDER BY rowid').map((row) => ({
      key: text(row, 'key'),
      failures: number(row, 'failures'),
      lockedUntil: number(row, 'locked_until'),
    }));
  }

  #receipts(limit: number): readonly Receipt[] {
    const rows = this.#all('SELECT sender, id, fingerprint, at FROM receipts ORDER BY at DESC LIMIT ?', limit);
    return rows.map((row) => ({
      from: number(row, 'sender'),
      id: text(row, 'id'),
      fingerprint: number(row, 'fingerprint'),
      at: number(row, 'at'),
    }));
  }

  /** Runs a query that is used once. */
  #all(sql: string, ...values: readonly (string | number)[]): readonly Row[] {
    return this.#query(sql)(...values);
  }

  #query(sql: string): Query {
    const prepared = this.#database.prepare(sql);
    return (...values) => {
      try {
        return prepared.all(values) as Row[];
      } catch (error) {
        throw new StorageError(`The server could not read its store: ${describeFileError(error)}.`, { cause: error });
      }
    };
  }
}

function intervalOf(row: Row): OnlineInterval {
  const ended = number(row, 'ended');
  return { account: number(row, 'account'), from: number(row, 'started'), to: ended === STILL_OPEN ? null : ended };
}

// The schema is STRICT, so a wrong type means a damaged database or a bug in a query.

function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === 'number') return value;
  throw new StorageError(`The database holds no number in ${column}.`);
}

function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw new StorageError(`The database holds no text in ${column}.`);
}

function bytes(row: Row, column: string): Buffer {
  const value = row[column];
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  if (Buffer.isBuffer(value)) return value;
  throw new StorageError(`The database holds no bytes in ${column}.`);
}
