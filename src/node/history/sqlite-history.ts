import { dirname } from 'node:path';
import type Database from 'libsql';
import { z } from 'zod';
import type {
  Committed,
  FoundMessages,
  HistoryQuery,
  HistoryStore,
  ImportPlace,
  NewIncoming,
  NewOutgoing,
  Restored,
  RestoredMessage,
  StatusChange,
} from '../../core/ports.ts';
import type { Conversation, Message } from '../../shared/client-api/view-state.ts';
import { transaction } from '../../shared/sqlite/transaction.ts';
import type { FileLock } from '../file-lock.ts';
import { removeDatabase } from '../private-database.ts';
import { makePrivateFolder } from '../private-files.ts';
import { ProfileError } from '../profile-error.ts';
import { erasing, lockHistory, openDatabase, unusable } from './database.ts';
import { FindIndex } from './find-index.ts';
import { ImportGaps } from './import-gaps.ts';
import { joinHistories } from './join-histories.ts';
import { messageOf, statusColumns } from './rows.ts';

const COLUMNS =
  'id, conversation, incoming, sender, recipient, text, at, state, attempted, reason, recipients, some_blocked, aside';
const INSERT = `
  INSERT INTO message (position, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (incoming, sender, id) DO NOTHING`;
const TOUCH = `
  INSERT INTO conversation (id, username, last_position, unread) VALUES (?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET
    last_position = max(last_position, excluded.last_position),
    username = coalesce(excluded.username, username),
    unread = unread + excluded.unread`;
const CONVERSATIONS = `
  SELECT conversation.id AS conversation_id, conversation.username, conversation.unread, message.*
  FROM conversation LEFT JOIN message
    ON message.position = (SELECT max(position) FROM message WHERE conversation = conversation.id)
  ORDER BY last_position DESC`;
/** Positions reserved for one import, below all stored messages. */
const IMPORT_ROOM = 1_000_000_000;

const conversationRow = z.object({
  conversation_id: z.string(),
  username: z.string().nullable(),
  unread: z.number(),
  position: z.number().nullable(),
});
const counted = z.object({ unread: z.number() });
const located = z.object({ position: z.number().nullable() });

export interface HistoryOptions {
  /** Encrypts the file (AES-256), also a plain one (G8). At least 32 random bytes, as text. */
  readonly encryptionKey?: string | undefined;
}

/**
 * The local history in an SQLite file. Only its owner can read it, and only one process can open it. Every change is
 * synced to the disk before the method returns (WAL, `synchronous=FULL`).
 */
export class SqliteHistory implements HistoryStore {
  readonly #file: string;
  readonly #lock: FileLock;
  readonly #database: Database.Database;
  readonly #find: FindIndex;
  readonly #insert: Database.Statement;
  readonly #touch: Database.Statement;
  readonly #settle: Database.Statement;
  readonly #page: Database.Statement;

  /**
   * @throws HistoryKeyError if the key is wrong or missing, ProfileError if another client has the file open or it cannot
   * be opened
   */
  constructor(file: string, { encryptionKey }: HistoryOptions = {}) {
    makePrivateFolder(dirname(file));
    this.#file = file;
    this.#lock = lockHistory(`${file}.lock`);
    try {
      this.#database = openDatabase(file, encryptionKey);
    } catch (error) {
      this.#lock.close();
      throw error instanceof ProfileError ? error : unusable(file, error);
    }
    this.#find = new FindIndex(this.#database);
    this.#insert = this.#database.prepare(INSERT);
    this.#touch = this.#database.prepare(TOUCH);
    this.#settle = this.#database.prepare(`
      UPDATE message SET state = ?, attempted = ?, reason = ?, recipients = ?, some_blocked = ?, at = coalesce(?, at)
      WHERE incoming = 0 AND id = ? AND (state = 'queued' OR state = 'stored' AND ?1 <> 'stored')
      RETURNING *`);
    this.#page = this.#database.prepare(
      'SELECT * FROM message WHERE conversation = ? AND position < ? ORDER BY position DESC LIMIT ?',
    );
  }

  addOutgoing(message: NewOutgoing): Message {
    const { conversation, to } = message;
    return transaction(this.#database, () => {
      const stored = this.#store({ ...message, incoming: false }, null);
      if (stored === undefined) throw new Error('a message with this id was written before');
      // Keep the server's spelling of the name; the user may have typed another.
      const known = this.#database.prepare('SELECT username FROM conversation WHERE id = ?').get(conversation);
      this.#touch.run(conversation, known === undefined ? (to ?? null) : null, stored.position, 0);
      return stored;
    });
  }

  outgoing(from: string, id: string): Message | undefined {
    const row = this.#database
      .prepare('SELECT * FROM message WHERE incoming = 0 AND sender = ? AND id = ?')
      .get(from, id);
    return row === undefined ? undefined : messageOf(row);
  }

  commit(incoming: readonly NewIncoming[], settled: readonly StatusChange[]): Committed {
    return transaction(this.#database, () => ({
      changed: settled.flatMap(({ id, status, at }) =>
        this.#settle.all(...statusColumns(status), at ?? null, id).map(messageOf),
      ),
      added: incoming.flatMap((message) => this.#receive(message) ?? []),
    }));
  }

  markAttempted(ids: readonly string[]): void {
    transaction(this.#database, () => {
      const mark = this.#database.prepare(
        `UPDATE message SET attempted = 1 WHERE incoming = 0 AND id = ? AND state = 'queued'`,
      );
      for (const id of ids) mark.run(id);
    });
  }

  remove(id: string): void {
    transaction(this.#database, () => {
      const row = this.#database.prepare('SELECT position FROM message WHERE incoming = 0 AND id = ?').get(id);
      const position = located.optional().parse(row)?.position;
      if (typeof position === 'number') this.#erase(position);
    });
  }

  outbox(): Message[] {
    return this.#database
      .prepare(`SELECT * FROM message WHERE state = 'queued' ORDER BY position`)
      .all()
      .map(messageOf);
  }

  conversations(): Conversation[] {
    return this.#database
      .prepare(CONVERSATIONS)
      .all()
      .map((row) => {
        const { conversation_id: id, username, unread, position } = conversationRow.parse(row);
        return {
          id,
          ...(username === null ? {} : { username }),
          ...(position === null ? {} : { last: messageOf(row) }),
          unread,
        };
      });
  }

  page(conversation: string, before: number | undefined, limit: number): Message[] {
    return this.#page
      .all(conversation, before ?? Number.MAX_SAFE_INTEGER, limit)
      .map(messageOf)
      .reverse();
  }

  after(conversation: string | undefined, position: number, limit: number): Message[] {
    const rows =
      conversation === undefined
        ? this.#database
            .prepare('SELECT * FROM message WHERE position > ? ORDER BY position LIMIT ?')
            .all(position, limit)
        : this.#database
            .prepare('SELECT * FROM message WHERE conversation = ? AND position > ? ORDER BY position LIMIT ?')
            .all(conversation, position, limit);
    return rows.map(messageOf);
  }

  firstUnread(conversation: string): number | undefined {
    const row = this.#database
      .prepare(`
        SELECT position FROM message WHERE conversation = ?1 AND incoming = 1
          AND position > (SELECT read_through FROM conversation WHERE id = ?1) ORDER BY position LIMIT 1`)
      .get(conversation);
    return located.optional().parse(row)?.position ?? undefined;
  }

  firstSince(conversation: string, at: number): number | undefined {
    const row = this.#database
      .prepare('SELECT position FROM message WHERE conversation = ? AND at >= ? ORDER BY position LIMIT 1')
      .get(conversation, at);
    return located.optional().parse(row)?.position ?? undefined;
  }

  search(query: HistoryQuery): FoundMessages {
    return this.#find.search(query);
  }

  removeAt(position: number): void {
    erasing(this.#database, () => {
      this.#database
        .prepare(`
          UPDATE conversation SET unread = unread - 1
          WHERE read_through < ?1 AND id = (SELECT conversation FROM message WHERE position = ?1 AND incoming = 1)`)
        .run(position);
      this.#erase(position);
    });
  }

  clear(conversation: string | undefined): void {
    erasing(this.#database, () => {
      if (conversation === undefined) this.#clearAll();
      else this.#clearOne(conversation);
    });
    // Deleted content must not stay readable in the write-ahead log either.
    this.#database.pragma('wal_checkpoint(TRUNCATE)');
  }

  restore(messages: readonly RestoredMessage[], place: ImportPlace | undefined): Restored {
    return transaction(this.#database, () => {
      const gaps = new ImportGaps(this.#database);
      let next = place?.next ?? this.#importPlace();
      let behind = place?.behind;
      let added = 0;
      for (const message of messages) {
        const { conversation, incoming, from, to } = message;
        const here = gaps.positionOf(message);
        if (here !== undefined) {
          behind = here + 1;
          continue;
        }
        const gap = behind === undefined ? undefined : gaps.find(behind, conversation);
        if (gap === undefined && gaps.isTaken(next)) next = this.#importPlace();
        const position = gap ?? next;
        this.#store(message, position);
        const unread = incoming && gaps.isUnread(position, conversation) ? 1 : 0;
        this.#touch.run(conversation, to === undefined ? null : incoming ? from : to, position, unread);
        if (gap === undefined) next++;
        behind = gap === undefined ? undefined : gap + 1;
        added++;
      }
      return { added, place: { next, behind } };
    });
  }

  markRead(conversation: string, through: number): number {
    return transaction(this.#database, () => {
      this.#database
        .prepare(`
          UPDATE conversation SET read_through = ?2, unread = unread - (
            SELECT count(*) FROM message
            WHERE conversation = ?1 AND incoming = 1 AND position > read_through AND position <= ?2
          ) WHERE id = ?1 AND read_through < ?2`)
        .run(conversation, through);
      const row = this.#database.prepare('SELECT unread FROM conversation WHERE id = ?').get(conversation);
      return counted.optional().parse(row)?.unread ?? 0;
    });
  }

  /** Adds every message of another history of this account (B8). Throws if the disk fails; nothing is added then. */
  join(source: SqliteHistory): void {
    joinHistories(this.#database, source.#database);
  }

  /** Closes the file and deletes it, before another client can open it. */
  discard(): void {
    this.#database.close();
    removeDatabase(this.#file);
    this.#lock.close();
  }

  /** Closes the file; then another client can open it. */
  close(): void {
    this.#database.close();
    this.#lock.close();
  }

  #receive(message: NewIncoming): Message | undefined {
    const { conversation, from, to } = message;
    const stored = this.#store({ ...message, incoming: true, status: { state: 'received' } }, null);
    if (stored !== undefined) this.#touch.run(conversation, to === undefined ? null : from, stored.position, 1);
    return stored;
  }

  /** @param place null for the next position; @returns undefined if the message is already stored */
  #store(message: RestoredMessage, place: number | null): Message | undefined {
    const { id, conversation, incoming, from, to, text, at, status, isPrivate } = message;
    const whose = [id, conversation, Number(incoming), from, to ?? null];
    const what = [Buffer.from(text), at, ...statusColumns(status), Number(isPrivate ?? false)];
    const { changes, lastInsertRowid } = this.#insert.run(place, ...whose, ...what);
    if (changes === 0) return undefined;
    const position = Number(lastInsertRowid);
    this.#find.add(position, conversation, text);
    return { ...message, position };
  }

  #erase(position: number): void {
    this.#find.remove(position);
    this.#database.prepare('DELETE FROM message WHERE position = ?').run(position);
  }

  #clearAll(): void {
    this.#database.exec(`INSERT INTO find (find) VALUES ('delete-all'); DELETE FROM message WHERE state <> 'queued';
      DELETE FROM conversation WHERE id NOT IN (SELECT conversation FROM message);
      UPDATE conversation SET unread = 0;`);
    for (const { position, conversation, text } of this.outbox()) this.#find.add(position, conversation, text);
  }

  #clearOne(conversation: string): void {
    const chosen = `FROM message WHERE conversation = ? AND state <> 'queued'`;
    this.#database.prepare(`DELETE FROM find WHERE rowid IN (SELECT position ${chosen})`).run(conversation);
    this.#database.prepare(`DELETE ${chosen}`).run(conversation);
    this.#database
      .prepare('DELETE FROM conversation WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM message WHERE conversation = ?1)')
      .run(conversation);
    this.#database.prepare('UPDATE conversation SET unread = 0 WHERE id = ?').run(conversation);
  }

  #importPlace(): number {
    const row = this.#database.prepare('SELECT min(position) AS position FROM message').get();
    return Math.min(located.parse(row).position ?? 0, 0) - IMPORT_ROOM;
  }
}
