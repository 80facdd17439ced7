import type { NumberedEvent } from '../../shared/client-api/contract.ts';
import { withStatus } from '../../shared/client-api/reduce.ts';
import type { Message } from '../../shared/client-api/view-state.ts';

/** The part of a conversation's history that the window has loaded: oldest message first, without a gap. */
export interface Thread {
  readonly messages: readonly Message[];
  /** There is no older message. */
  readonly complete: boolean;
  /** There is no newer message: arriving messages belong at the end. */
  readonly newest: boolean;
  readonly loading: boolean;
}

export type Threads = Readonly<Record<string, Thread>>;

/** A place that the thread scrolls to; the number makes the same place new. */
export interface ScrollTarget {
  readonly conversation: string;
  /** The position of a message, or the end of the conversation. */
  readonly place: number | 'end';
  /** The words of a search, to be marked in the message; undefined if the message is the first unread one. */
  readonly words: string | undefined;
  readonly key: number;
}

export interface ThreadState {
  readonly threads: Threads;
  /** The position of the first message that was unread when the conversation was opened: the line "new" is above it. */
  readonly newSince: number | undefined;
  /** The end of the conversation is visible. */
  readonly atEnd: boolean;
  readonly scrollTarget: ScrollTarget | undefined;
}

export function initialThreads(): ThreadState {
  return { threads: {}, newSince: undefined, atEnd: true, scrollTarget: undefined };
}

export const PAGE_SIZE = 100;
/**
 * Most messages of a conversation in memory while the user scrolls through it. Messages farther away are loaded again when
 * the user comes back, so that scrolling any distance takes no more memory, and no step takes longer.
 */
const LOADED_MAX = 10 * PAGE_SIZE;
/** Messages of a conversation that stay in memory while the window shows another. */
const LOADED_WHEN_LEFT = 3 * PAGE_SIZE;

/** Puts an older page before the loaded messages, without duplicates. The newest messages may be dropped. */
export function withPage(thread: Thread | undefined, page: readonly Message[], limit: number): Thread {
  const known = thread?.messages ?? [];
  const first = known[0]?.position ?? Infinity;
  const older = page.filter(({ position }) => position < first);
  const messages = [...older, ...known];
  return {
    messages: messages.slice(0, LOADED_MAX),
    complete: page.length < limit,
    newest: (thread?.newest ?? true) && messages.length <= LOADED_MAX,
    loading: false,
  };
}

/** Puts a newer page after the loaded messages. The oldest messages may be dropped. */
export function withNewer(thread: Thread, page: readonly Message[], limit: number): Thread {
  const messages = [...thread.messages, ...page];
  return {
    messages: messages.slice(-LOADED_MAX),
    complete: thread.complete && messages.length <= LOADED_MAX,
    newest: page.length < limit,
    loading: false,
  };
}

/** @param page half of it up to the message in the middle, half of it after that message */
export function aroundPage(page: readonly Message[], middle: number, limit: number): Thread {
  const after = page.filter(({ position }) => position > middle).length;
  return {
    messages: page,
    complete: page.length - after < Math.ceil(limit / 2),
    newest: after < Math.floor(limit / 2),
    loading: false,
  };
}

/** Keeps the newest messages only. */
export function withoutOld(thread: Thread): Thread {
  if (thread.messages.length <= LOADED_WHEN_LEFT) return thread;
  return { ...thread, messages: thread.messages.slice(-LOADED_WHEN_LEFT), complete: false };
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

/** The threads after an event. A kind of event that isn't named here doesn't compile. */
export function threadsAfter(threads: Threads, event: NumberedEvent): Threads {
  switch (event.name) {
    case 'message.added': {
      const { message } = event.params;
      // After messages that end before the newest one there would be a gap.
      if (threads[message.conversation]?.newest === false) return threads;
      return change(threads, message.conversation, (messages) => withMessage(messages, message));
    }
    case 'message.changed': {
      const { id, conversation, status, at } = event.params;
      return change(threads, conversation, (messages) => {
        // Messages whose status still changes are among the newest.
        const place = messages.findLastIndex((one) => one.id === id && !one.incoming);
        const found = messages[place];
        return found === undefined ? messages : messages.with(place, withStatus(found, status, at));
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

/** Ignores an event that only a newer version of the host knows. */
function unknownEvent(threads: Threads, _event: never): Threads {
  return threads;
}
