import type { EventParams, NumberedEvent } from '../../shared/client-api/contract.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import { conversationWith } from './conversations.ts';

/** The stretch of a conversation that has been read from the history so far, oldest first, without a gap. */
export interface Thread {
  readonly messages: readonly Message[];
  /** There is nothing older. */
  readonly complete: boolean;
  /** There is nothing newer: what arrives belongs at its end. */
  readonly newest: boolean;
  readonly loading: boolean;
}

export type Threads = Readonly<Record<string, Thread>>;

export const PAGE_SIZE = 100;
/**
 * Messages of a conversation that are at hand at most while somebody walks through it: what they leave behind is read again
 * when they come back, so that a walk of any length takes no more memory, and no longer for each step.
 */
const AT_HAND_LARGEST = 10 * PAGE_SIZE;
/** Messages of a conversation that stay at hand while another is in sight. */
const KEPT_WHEN_LEFT = 3 * PAGE_SIZE;

/** Somebody left or came while we looked on; shown between the messages. */
export interface PresenceNote {
  readonly username: string;
  readonly leftAt: number;
  /** Why (C1); undefined where it was not said. */
  readonly reason?: EventParams<'presence.changed'>['reason'];
  readonly backAt?: number;
}

/** By conversation. Never by a bare name: one may be called `constructor`. */
export type PresenceNotes = Readonly<Record<string, readonly PresenceNote[]>>;

const NOTES_KEPT = 50;

/** The messages of an earlier page in front of those at hand, of which the newest may go; what is there twice is kept once. */
export function withPage(thread: Thread | undefined, page: readonly Message[], limit: number): Thread {
  const known = thread?.messages ?? [];
  const first = known[0]?.position ?? Infinity;
  const older = page.filter(({ position }) => position < first);
  const messages = [...older, ...known];
  return {
    messages: messages.slice(0, AT_HAND_LARGEST),
    complete: page.length < limit,
    newest: (thread?.newest ?? true) && messages.length <= AT_HAND_LARGEST,
    loading: false,
  };
}

/** The messages of a later page behind those at hand, of which the oldest may go. */
export function withNewer(thread: Thread, page: readonly Message[], limit: number): Thread {
  const messages = [...thread.messages, ...page];
  return {
    messages: messages.slice(-AT_HAND_LARGEST),
    complete: thread.complete && messages.length <= AT_HAND_LARGEST,
    newest: page.length < limit,
    loading: false,
  };
}

/** A page that has a message in its middle: half of it before that one and the message itself, half of it after. */
export function aroundPage(page: readonly Message[], middle: number, limit: number): Thread {
  const after = page.filter(({ position }) => position > middle).length;
  return {
    messages: page,
    complete: page.length - after < Math.ceil(limit / 2),
    newest: after < Math.floor(limit / 2),
    loading: false,
  };
}

/** The newest messages alone. */
export function withoutOld(thread: Thread): Thread {
  if (thread.messages.length <= KEPT_WHEN_LEFT) return thread;
  return { ...thread, messages: thread.messages.slice(-KEPT_WHEN_LEFT), complete: false };
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
      // Behind a stretch that ends before the present there would be a gap.
      if (threads[message.conversation]?.newest === false) return threads;
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
    case 'private.identitySettled':
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
  const { username, online, at, reason } = event.params;
  const conversation = conversationWith(username);
  const known = notes[conversation] ?? [];
  const last = known.at(-1);
  if (!online) {
    const note: PresenceNote = { username, leftAt: at, ...(reason === undefined ? {} : { reason }) };
    return { ...notes, [conversation]: [...known, note].slice(-NOTES_KEPT) };
  }
  if (last === undefined || last.backAt !== undefined) return notes;
  return { ...notes, [conversation]: known.with(-1, { ...last, backAt: at }) };
}
