import { conversationWith } from '../../shared/client-api/conversation-id.ts';
import type { EventParams, NumberedEvent } from '../../shared/client-api/contract.ts';

/** A user went offline, and maybe came back, while the window was open; shown between the messages. */
export interface PresenceNote {
  readonly username: string;
  readonly leftAt: number;
  /** The reason (C1); undefined if the server gave none. */
  readonly reason?: EventParams<'presence.changed'>['reason'];
  readonly backAt?: number;
}

/** By conversation, never by username: a user may be called `constructor`. */
type PresenceNotes = Readonly<Record<string, readonly PresenceNote[]>>;

export interface PresenceState {
  readonly presenceNotes: PresenceNotes;
}

export function initialPresence(): PresenceState {
  return { presenceNotes: {} };
}

const NOTES_MAX = 50;

export function presenceNotesAfter(notes: PresenceNotes, event: NumberedEvent): PresenceNotes {
  if (event.name !== 'presence.changed') return notes;
  const { username, online, at, reason } = event.params;
  const conversation = conversationWith(username);
  const known = notes[conversation] ?? [];
  const last = known.at(-1);
  if (!online) {
    const note: PresenceNote = { username, leftAt: at, ...(reason === undefined ? {} : { reason }) };
    return { ...notes, [conversation]: [...known, note].slice(-NOTES_MAX) };
  }
  if (last === undefined || last.backAt !== undefined) return notes;
  return { ...notes, [conversation]: known.with(-1, { ...last, backAt: at }) };
}
