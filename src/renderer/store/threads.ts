import type { NumberedEvent } from '../../shared/client-api/contract.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import { conversationWith } from './conversations.ts';

/** The part of a conversation that has been read from the history so far, oldest first. */
export interface Thread {
  readonly messages: readonly Message[];
  /** There is nothing older. */
  readonly complete: boolean;
  readonly loading: boolean;
}

export type Threads = Readonly<Record<string, Thread>>;

export const PAGE_SIZE = 100;

/** Somebody left or came while we looked on; shown between the messages. */
export interface PresenceNote {
  readonly username: string;
  readonly leftAt: number;
  readonly backAt?: number;
}

/** By conversation. Never by a bare name: one may be called `constructor`. */
export type PresenceNotes = Readonly<Record<string, readonly PresenceNote[]>>;

const NOTES_KEPT = 50;

/** The messages of an earlier page in front of those at hand; what is there twice is kept once. */
export function withPage(thread: Thread | undefined, page: readonly Message[], limit: number): Thread {
  const known = thread?.messages ?? [];
  const first = known[0]?.position ?? Infinity;
  const older = page.filter(({ position }) => position < first);
  return { messages: [...older, ...known], complete: page.length < limit, loading: false };
}

function change(threads: Threads, conversation: string, to: (messages: readonly Message[]) => readonly Message[]) {
  const thread = threads[conversation];
  if (thread === undefined) return threads;
  const messages = to(thread.messages);
  return messages === thread.messages ? threads : { ...threads, [conversation]: { ...thread, messages } };
}

function withMessage(messages: readonly Message[], added: Message): readonly Message[] {
  const last = messages.at(-1);
  if (last === undefined || last.position < added.position) return [...messages, added];
  return messages.some(({ position }) => position === added.position) ? messages : insert(messages, added);
}

function insert(messages: readonly Message[], added: Message): readonly Message[] {
  const place = messages.findIndex(({ position }) => position > added.position);
  return messages.toSpliced(place < 0 ? messages.length : place, 0, added);
}

/** What an event makes of the messages at hand. A new kind of event that is not named here does not compile. */
export function applyToThreads(threads: Threads, event: NumberedEvent): Threads {
  switch (event.name) {
    case 'message.added': {
      const { message } = event.params;
      return change(threads, message.conversation, (messages) => withMessage(messages, message));
    }
    case 'message.changed': {
      const { id, conversation, status } = event.params;
      return change(threads, conversation, (messages) => {
        // Those that still change are among the newest.
        const place = messages.findLastIndex((one) => one.id === id && !one.incoming);
        const found = messages[place];
        return found === undefined ? messages : messages.with(place, { ...found, status });
      });
    }
    case 'message.removed': {
      const { id, conversation } = event.params;
      return change(threads, conversation, (messages) => messages.filter((one) => one.id !== id));
    }
    case 'history.replaced':
      return {};
    case 'connection.changed':
    case 'server.greeted':
    case 'certificate.pinned':
    case 'session.started':
    case 'people.replaced':
    case 'presence.changed':
    case 'outbox.changed':
    case 'conversation.read':
    case 'typing.changed':
    case 'blacklist.replaced':
    case 'private.changed':
    case 'private.message':
    case 'private.delivered':
    case 'private.undelivered':
    case 'private.typing':
    case 'private.identityChanged':
    case 'private.warning':
    case 'addressRule.replaced':
      return threads;
    default:
      return unknownEvent(threads, event);
  }
}

/** A newer host may tell what this version does not know; it is left out. */
function unknownEvent(threads: Threads, _event: never): Threads {
  return threads;
}

/** Notes that somebody left, and that they came back. */
export function applyToNotes(notes: PresenceNotes, event: NumberedEvent): PresenceNotes {
  if (event.name !== 'presence.changed') return notes;
  const { username, online, at } = event.params;
  const conversation = conversationWith(username);
  const known = notes[conversation] ?? [];
  const last = known.at(-1);
  if (!online) return { ...notes, [conversation]: [...known, { username, leftAt: at }].slice(-NOTES_KEPT) };
  if (last === undefined || last.backAt !== undefined) return notes;
  return { ...notes, [conversation]: known.with(-1, { ...last, backAt: at }) };
}
