import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { z } from 'zod';
import type { HistoryStore, NewIncoming, NewOutgoing, Settlement } from '../../core/ports.ts';
import type { Conversation, Message } from '../../shared/client-api/view-state.ts';
import { makePrivateFolder } from '../private-files.ts';
import { ProfileError } from '../profile-error.ts';
import { messageOf, statusColumns } from './rows.ts';
import { MIGRATIONS } from './schema.ts';

const INSERT = `
  INSERT INTO message
    (id, conversation, incoming, sender, recipient, text, at, state, attempted, reason, recipients, some_blocked)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (incoming, sender, id) DO NOTHING`;
const conversationRow = z.object({
  conversation_id: z.string(),
  username: z.string().nullable(),
  unread: z.number(),
});
const version = z.object({ user_version: z.number() });
const counted = z.object({ unread: z.number() });

/**
 * The local history in an SQLite file that only its owner may read, and that only one process may have open. Every
 * change is synced to the disk before the method returns (WAL, `synchronous=FULL`).
 */
export class SqliteHistory implements HistoryStore {
  readonly #lock: Database.Database;
  readonly #database: Database.Database;
  readonly #insert: Database.Statement;
  readonly #touch: Database.Statement;
  readonly #settle: Database.Statement;

  /** @throws ProfileError when another client has it open, or it cannot be opened at all */
  constructor(file: string) {
    makePrivateFolder(dirname(file));
    this.#lock = lock(`${file}.lock`);
    try {
      this.#database = open(file);
    } catch (error) {
      this.#lock.close();
      throw error instanceof ProfileError ? error : unusable(file, error);
    }
    this.#insert = this.#database.prepare(INSERT);
    this.#touch = this.#database.prepare(`
      INSERT INTO conversation (id, username, last_position) VALUES (?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET
        last_position = excluded.last_position, username = coalesce(excluded.username, username)`);
    this.#settle = this.#database.prepare(`
      UPDATE message SET state = ?, attempted = ?, reason = ?, recipients = ?, some_blocked = ?
      WHERE incoming = 0 AND id = ? AND state = 'queued'`);
  }

  addOutgoing(message: NewOutgoing): Message {
    const { id, conversation, from, to, text, at, status } = message;
    const position = this.#transaction(() => {
      const { changes, lastInsertRowid } = this.#insert.run(
        ...[id, conversation, 0, from, to ?? null, Buffer.from(text), at, ...statusColumns(status)],
      );
      if (changes === 0) throw new Error('a message with this id was written before');
      // A name that was seen from the server stays: what the person typed may be written differently.
      const known = this.#database.prepare('SELECT username FROM conversation WHERE id = ?').get(conversation);
      this.#touch.run(conversation, known === undefined ? (to ?? null) : null, lastInsertRowid);
      return Number(lastInsertRowid);
    });
    return { ...message, position, incoming: false };
  }

  commit(incoming: readonly NewIncoming[], settled: readonly Settlement[]): Message[] {
    return this.#transaction(() => {
      for (const { id, status } of settled) this.#settle.run(...statusColumns(status), id);
      return incoming.flatMap((message) => this.#receive(message) ?? []);
    });
  }

  markAttempted(ids: readonly string[]): void {
    this.#transaction(() => {
      const mark = this.#database.prepare(
        `UPDATE message SET attempted = 1 WHERE incoming = 0 AND id = ? AND state = 'queued'`,
      );
      for (const id of ids) mark.run(id);
    });
  }

  remove(id: string): void {
    this.#transaction(() => this.#database.prepare('DELETE FROM message WHERE incoming = 0 AND id = ?').run(id));
  }

  outbox(): Message[] {
    return this.#database
      .prepare(`SELECT * FROM message WHERE state = 'queued' ORDER BY position`)
      .all()
      .map(messageOf);
  }

  conversations(): Conversation[] {
    const rows = this.#database
      .prepare(`
        SELECT conversation.id AS conversation_id, conversation.username, (
          SELECT count(*) FROM message
          WHERE conversation = conversation.id AND incoming = 1 AND position > conversation.read_through
        ) AS unread
        FROM conversation ORDER BY last_position DESC`)
      .all();
    return rows.map((row) => {
      const { conversation_id: id, username, unread } = conversationRow.parse(row);
      const last = this.page(id, undefined, 1)[0];
      return { id, ...(username === null ? {} : { username }), ...(last === undefined ? {} : { last }), unread };
    });
  }

  page(conversation: string, before: number | undefined, limit: number): Message[] {
    return this.#database
      .prepare('SELECT * FROM message WHERE conversation = ? AND position < ? ORDER BY position DESC LIMIT ?')
      .all(conversation, before ?? Number.MAX_SAFE_INTEGER, limit)
      .map(messageOf)
      .reverse();
  }

  markRead(conversation: string, through: number): number {
    return this.#transaction(() => {
      this.#database
        .prepare('UPDATE conversation SET read_through = max(read_through, ?) WHERE id = ?')
        .run(through, conversation);
      const row = this.#database
        .prepare(`
          SELECT count(*) AS unread FROM message WHERE conversation = ?1 AND incoming = 1 AND position >
            (SELECT coalesce(max(read_through), 0) FROM conversation WHERE id = ?1)`)
        .get(conversation);
      return counted.parse(row).unread;
    });
  }

  /** Closes the file; another client may open it then. */
  close(): void {
    this.#database.close();
    this.#lock.close();
  }

  #receive(message: NewIncoming): Message | undefined {
    const { id, conversation, from, to, text, at } = message;
    const status = { state: 'received' } as const;
    const { changes, lastInsertRowid } = this.#insert.run(
      ...[id, conversation, 1, from, to ?? null, Buffer.from(text), at, ...statusColumns(status)],
    );
    if (changes === 0) return undefined;
    this.#touch.run(conversation, to === undefined ? null : from, lastInsertRowid);
    return { ...message, position: Number(lastInsertRowid), incoming: true, status };
  }

  #transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

function open(file: string): Database.Database {
  makePrivateDatabase(file);
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  migrate(database);
  return database;
}

/**
 * Keeps every other client away from a history, until this one closes or its process ends, however it ends: an open
 * transaction on an empty database is a lock of the operating system on each of them.
 */
function lock(file: string): Database.Database {
  let database: Database.Database | undefined;
  try {
    makePrivateDatabase(file);
    database = new Database(file);
    // Only exec: a prepared statement would keep the connection, and so the lock, past close().
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) {
      throw new ProfileError(
        'This account is already open in another client with the same data folder. Use that one, or give --data another folder.',
      );
    }
    throw unusable(file, error);
  }
}

/** Made before SQLite does, so that it is never readable by others. One that exists is not touched: closing it would drop locks. */
function makePrivateDatabase(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
}

function unusable(file: string, error: unknown): ProfileError {
  const reason = error instanceof Error ? error.message : 'unknown reason';
  return new ProfileError(
    `The history cannot be used: ${file} (${reason}). Check who owns it and that the disk is not full.`,
  );
}

function migrate(database: Database.Database): void {
  database.exec('BEGIN IMMEDIATE');
  const { user_version: done } = version.parse(database.prepare('PRAGMA user_version').get());
  if (done > MIGRATIONS.length) {
    throw new ProfileError('The history was written by a newer version of this program. Use that one.');
  }
  for (const step of MIGRATIONS.slice(done)) database.exec(step);
  database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  database.exec('COMMIT');
}
