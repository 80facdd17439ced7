import { createHash } from 'node:crypto';
import type Database from 'libsql';
import { z } from 'zod';
import type { FoundMessages, HistoryQuery } from '../../core/ports.ts';
import { foldText } from '../../shared/client-api/fold-text.ts';
import { isEmptyQuery, readSearchQuery } from '../../shared/client-api/search-query.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import { matchesQuery } from './matches-query.ts';
import { trigramsOf } from './trigrams.ts';
import { messageOf } from './rows.ts';
import { STORAGE_LIMITS } from '../../shared/limits.ts';

/** Private-use characters of Unicode's basic plane; three of them identify a conversation in the index. */
const FIRST_PRIVATE = 0xe000;
const PRIVATE = 6_400;

const filledRow = z.object({ filled: z.number() });

/** Full-text index of messages. Change it in the transaction that changes the message. */
export class FindIndex {
  readonly #add: Database.Statement;
  readonly #remove: Database.Statement;
  readonly #candidates: Database.Statement;
  readonly #newest: Database.Statement;
  readonly #newestIn: Database.Statement;

  constructor(database: Database.Database) {
    this.#add = database.prepare('INSERT INTO find (rowid, conversation, text) VALUES (?, ?, ?)');
    this.#remove = database.prepare('DELETE FROM find WHERE rowid = ?');
    this.#candidates = database.prepare(`
      SELECT message.* FROM find JOIN message ON message.position = find.rowid
      WHERE find MATCH ? AND find.rowid < ? ORDER BY find.rowid DESC LIMIT ?`);
    this.#newest = database.prepare('SELECT * FROM message WHERE position < ? ORDER BY position DESC LIMIT ?');
    this.#newestIn = database.prepare(
      'SELECT * FROM message WHERE conversation = ? AND position < ? ORDER BY position DESC LIMIT ?',
    );
  }

  add(position: number, conversation: string, text: string): void {
    this.#add.run(position, tokenOf(conversation), foldText(text));
  }

  remove(position: number): void {
    this.#remove.run(position);
  }

  /**
   * Finds messages that contain every word and phrase of the query, also as a part of a word, and fit its filters; the
   * newest first. If every word has less than three characters, a search covers only some of the newest messages; `next` continues.
   */
  search({ text, conversation, before = Number.MAX_SAFE_INTEGER, limit }: HistoryQuery): FoundMessages {
    const read = readSearchQuery(text);
    const query = { ...read, parts: read.parts.slice(0, STORAGE_LIMITS.queryWords) };
    if (isEmptyQuery(query)) return { messages: [] };
    // The index has the white space of the messages, so a phrase is looked up by its words.
    const words = query.parts.flatMap((part) => part.split(' '));
    const trigrams = [...new Set(words.flatMap(trigramsOf))].slice(0, STORAGE_LIMITS.queryTrigrams);
    const bound = trigrams.length > 0 ? STORAGE_LIMITS.candidates : STORAGE_LIMITS.candidatesWithoutIndex;
    const messages: Message[] = [];
    let next = before;
    for (let looked = 0; looked < bound; looked += STORAGE_LIMITS.searchRows) {
      const candidates = this.#read(trigrams, conversation, next);
      for (const candidate of candidates) {
        next = candidate.position;
        if (conversation !== undefined && candidate.conversation !== conversation) continue;
        if (!matchesQuery(candidate, query)) continue;
        messages.push(candidate);
        if (messages.length === limit) return { messages, next };
      }
      if (candidates.length < STORAGE_LIMITS.searchRows) return { messages };
    }
    return { messages, next };
  }

  #read(trigrams: readonly string[], conversation: string | undefined, before: number): Message[] {
    if (trigrams.length > 0) {
      const terms = conversation === undefined ? trigrams : [tokenOf(conversation), ...trigrams];
      return this.#candidates.all(terms.map(quoted).join(' AND '), before, STORAGE_LIMITS.searchRows).map(messageOf);
    }
    if (conversation === undefined) return this.#newest.all(before, STORAGE_LIMITS.searchRows).map(messageOf);
    return this.#newestIn.all(conversation, before, STORAGE_LIMITS.searchRows).map(messageOf);
  }
}

/** Fills the index if the history is older than the index. */
export function fillFindIndex(database: Database.Database): void {
  const state = filledRow.parse(database.prepare('SELECT filled FROM find_state').get());
  if (state.filled === 1) return;
  const index = new FindIndex(database);
  const read = database.prepare('SELECT * FROM message WHERE position > ? ORDER BY position LIMIT ?');
  let last = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const messages = read.all(last, STORAGE_LIMITS.searchRows).map(messageOf);
    for (const { position, conversation, text } of messages) {
      index.add(position, conversation, text);
      last = position;
    }
    if (messages.length < STORAGE_LIMITS.searchRows) break;
  }
  database.exec('UPDATE find_state SET filled = 1');
}

/** Quotes a string for the query language of the index. */
function quoted(term: string): string {
  return `"${term.replaceAll('"', '""')}"`;
}

/** A trigram for a conversation, so that the index can filter by it. Conversations can share one: results are checked. */
function tokenOf(conversation: string): string {
  const hash = createHash('sha256').update(conversation).digest();
  return String.fromCharCode(...[0, 4, 8].map((place) => FIRST_PRIVATE + (hash.readUInt32BE(place) % PRIVATE)));
}
