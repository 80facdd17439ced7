import type Database from 'libsql';
import { z } from 'zod';
import type { RestoredMessage } from '../../core/ports.ts';
import { STORAGE_LIMITS } from '../../shared/limits.ts';

const located = z.object({ position: z.number().nullable() }).optional();

/** Finds positions for imported messages among the stored ones: those of deleted messages (G8). */
export class ImportGaps {
  readonly #here: Database.Statement;
  readonly #taken: Database.Statement;
  readonly #following: Database.Statement;
  readonly #free: Database.Statement;
  readonly #read: Database.Statement;
  /** Last position that was ever used. */
  readonly #last: number;

  constructor(database: Database.Database) {
    this.#here = database.prepare('SELECT position FROM message WHERE incoming = ? AND sender = ? AND id = ?');
    this.#taken = database.prepare('SELECT position FROM message WHERE position = ?');
    this.#following = database.prepare(
      'SELECT min(position) AS position FROM message WHERE conversation = ? AND position >= ?',
    );
    this.#free = database.prepare(`
      SELECT position + 1 AS position FROM message AS one WHERE position >= ?1 AND position < ?2
        AND NOT EXISTS (SELECT 1 FROM message WHERE position = one.position + 1)
      ORDER BY position LIMIT 1`);
    this.#read = database.prepare('SELECT read_through AS position FROM conversation WHERE id = ?');
    this.#last = one(database.prepare("SELECT seq AS position FROM sqlite_sequence WHERE name = 'message'")) ?? 0;
  }

  /** @returns undefined if the message is not stored */
  positionOf({ incoming, from, id }: RestoredMessage): number | undefined {
    return one(this.#here, Number(incoming), from, id);
  }

  isTaken(position: number): boolean {
    return one(this.#taken, position) !== undefined;
  }

  /**
   * The first free position at or after `from`, before the next message of the conversation.
   * @returns undefined if there is none among the positions that were ever used
   */
  find(from: number, conversation: string): number | undefined {
    const end = Math.min(one(this.#following, conversation, from) ?? Number.POSITIVE_INFINITY, this.#last + 1);
    const found = this.isTaken(from) ? one(this.#free, from, Math.min(end, from + STORAGE_LIMITS.gapSearch)) : from;
    return found !== undefined && found < end ? found : undefined;
  }

  /** Whether a message at this position of a conversation is unread. */
  isUnread(position: number, conversation: string): boolean {
    return position > (one(this.#read, conversation) ?? 0);
  }
}

function one(statement: Database.Statement, ...given: readonly (string | number)[]): number | undefined {
  return located.parse(statement.get(...given))?.position ?? undefined;
}
