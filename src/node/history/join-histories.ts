import type Database from 'libsql';
import { z } from 'zod';
import { transaction } from '../../shared/sqlite/transaction.ts';
import { STORAGE_LIMITS } from '../../shared/limits.ts';
import { fillFindIndex } from './find-index.ts';

const placed = z.array(z.object({ position: z.number(), at: z.number() }));
const located = z.object({ position: z.number().nullable() });
const named = z.array(z.object({ id: z.string(), username: z.string().nullable() }));
const stored = z.looseObject({ position: z.number() }).catchall(
  z.union([
    z.string(),
    z.number(),
    z.null(),
    z.instanceof(Buffer),
    // libsql reads a BLOB as an ArrayBuffer, and does not write one.
    z.instanceof(ArrayBuffer).transform((bytes) => Buffer.from(bytes)),
  ]),
);
type Row = z.infer<typeof stored>;

/** New positions of the messages of one history, by their old ones. */
type Places = ReadonlyMap<number, number>;

/**
 * Adds every message of `source` to `target`, both histories of one account (B8). Messages keep their order in each
 * history, and stand in the order of their times between the two. A message that is in both is added once; an unread
 * message stays unread, and a message behind it becomes so. All in one transaction of `target`; `source` is only read.
 * @throws if the disk fails; `target` is unchanged then
 */
export function joinHistories(target: Database.Database, source: Database.Database): void {
  transaction(target, () => {
    const [ours, theirs] = [ordered(target), ordered(source)];
    // Above every used position, so that no message meets another on the way.
    const places = mergedPlaces(ours, theirs, Math.max(0, last(ours), last(theirs)) + 1);
    const unread = new Map<string, number>();
    noteUnread(unread, target, places.ours);
    noteUnread(unread, source, places.theirs);

    const move = target.prepare('UPDATE message SET position = ? WHERE position = ?');
    for (const { position } of ours) move.run(places.ours.get(position), position);
    copyMessages(target, source, places.theirs);
    copyConversations(target, source);
    countUnread(target, unread);
    target.exec(`INSERT INTO find (find) VALUES ('delete-all'); UPDATE find_state SET filled = 0;`);
    fillFindIndex(target);
  });
}

function ordered(database: Database.Database): z.infer<typeof placed> {
  return placed.parse(database.prepare('SELECT position, at FROM message ORDER BY position').all());
}

function last(messages: z.infer<typeof placed>): number {
  return messages.at(-1)?.position ?? 0;
}

function mergedPlaces(
  ours: z.infer<typeof placed>,
  theirs: z.infer<typeof placed>,
  first: number,
): { readonly ours: Places; readonly theirs: Places } {
  const places = { ours: new Map<number, number>(), theirs: new Map<number, number>() };
  let [n, m] = [0, 0];
  for (let next = first; next < first + ours.length + theirs.length; next++) {
    const [own, other] = [ours[n], theirs[m]];
    if (own !== undefined && (other === undefined || own.at <= other.at)) {
      places.ours.set(own.position, next);
      n++;
    } else if (other !== undefined) {
      places.theirs.set(other.position, next);
      m++;
    }
  }
  return places;
}

/** Keeps the new position of the first unread message of each conversation. */
function noteUnread(unread: Map<string, number>, database: Database.Database, places: Places): void {
  const first = database.prepare(`
    SELECT min(position) AS position FROM message WHERE conversation = ?1 AND incoming = 1
      AND position > (SELECT read_through FROM conversation WHERE id = ?1)`);
  for (const { id } of conversationsOf(database)) {
    const position = places.get(located.parse(first.get(id)).position ?? Number.NaN);
    if (position !== undefined) unread.set(id, Math.min(position, unread.get(id) ?? position));
  }
}

function copyMessages(target: Database.Database, source: Database.Database, places: Places): void {
  const read = source.prepare('SELECT * FROM message WHERE position > ? ORDER BY position LIMIT ?');
  let insert: Database.Statement | undefined;
  let rows: readonly Row[];
  let after = Number.MIN_SAFE_INTEGER;
  do {
    rows = z.array(stored).parse(read.all(after, STORAGE_LIMITS.searchRows));
    for (const { position, ...columns } of rows) {
      const names = Object.keys(columns);
      insert ??= target.prepare(`
        INSERT INTO message (position, ${names.join(', ')}) VALUES (?${', ?'.repeat(names.length)})
        ON CONFLICT (incoming, sender, id) DO NOTHING`);
      insert.run(places.get(position), ...Object.values(columns));
      after = position;
    }
  } while (rows.length === STORAGE_LIMITS.searchRows);
}

function copyConversations(target: Database.Database, source: Database.Database): void {
  const copy = target.prepare(`
    INSERT INTO conversation (id, username, last_position) VALUES (?, ?, 0)
    ON CONFLICT (id) DO UPDATE SET username = coalesce(username, excluded.username)`);
  for (const { id, username } of conversationsOf(source)) copy.run(id, username);
}

function countUnread(target: Database.Database, unread: ReadonlyMap<string, number>): void {
  target.exec(`UPDATE conversation SET last_position =
    coalesce((SELECT max(position) FROM message WHERE conversation = conversation.id), last_position)`);
  const mark = target.prepare(`
    UPDATE conversation SET read_through = ?2, unread = (
      SELECT count(*) FROM message WHERE conversation = ?1 AND incoming = 1 AND position > ?2
    ) WHERE id = ?1`);
  const end = located.parse(target.prepare('SELECT max(position) AS position FROM message').get()).position ?? 0;
  for (const { id } of conversationsOf(target)) mark.run(id, (unread.get(id) ?? end + 1) - 1);
}

function conversationsOf(database: Database.Database): z.infer<typeof named> {
  return named.parse(database.prepare('SELECT id, username FROM conversation').all());
}
