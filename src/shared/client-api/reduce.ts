import type { ClientEvent, EventName, EventParams, NumberedEvent } from './contract.ts';
import { PRIVATE_APPLIERS } from './reduce-private.ts';
import type { Conversation, Message, MessageStatus, ViewState } from './view-state.ts';

/** One applier for each event; an event without an applier does not compile. */
type Appliers = { readonly [K in EventName]: (view: ViewState, params: EventParams<K>) => Partial<ViewState> };

const APPLIERS: Appliers = {
  'connection.changed': (_view, { connection }) =>
    connection.state === 'online' ? { connection } : { connection, people: [], typing: [] },
  'server.greeted': (_view, { clockOffset, ...server }) => ({ server, clockOffset }),
  'certificate.pinned': (_view, { fingerprint }) => ({ fingerprint }),
  'session.started': (_view, { username }) => ({ username }),
  'people.replaced': (_view, { people }) => ({ people }),
  'presence.changed': (view, { username, online, at }) => {
    const people = view.people.filter((person) => person.username !== username);
    if (online) people.push({ username, since: at });
    return { people, typing: view.typing.filter((name) => name !== username) };
  },
  'message.added': (view, { message }) => ({
    conversations: withMessage(view.conversations, message),
    typing: message.incoming ? view.typing.filter((name) => name !== message.from) : view.typing,
  }),
  'message.changed': (view, { id, conversation, status, at }) => ({
    conversations: view.conversations.map((one) =>
      one.id === conversation && one.last?.id === id ? { ...one, last: withStatus(one.last, status, at) } : one,
    ),
  }),
  // Without a new last message, the conversation shows none until the next message.
  'message.removed': (view, { id, conversation, last }) => ({
    conversations: view.conversations.map((one) => {
      if (one.id !== conversation || one.last?.id !== id) return one;
      const { last: _removed, ...rest } = one;
      return last === undefined ? rest : { ...rest, last };
    }),
  }),
  'history.replaced': (_view, { conversations }) => ({ conversations }),
  'outbox.changed': (_view, { waiting }) => ({ waiting }),
  'conversation.read': (view, { conversation, unread }) => ({
    conversations: view.conversations.map((one) => (one.id === conversation ? { ...one, unread } : one)),
  }),
  'typing.changed': (view, { username, typing }) => {
    const others = view.typing.filter((name) => name !== username);
    return { typing: typing ? [...others, username] : others };
  },
  'blacklist.replaced': (_view, { users }) => ({ blacklist: users }),
  ...PRIVATE_APPLIERS,
};

/** @param at undefined leaves the time as it is */
export function withStatus(message: Message, status: MessageStatus, at: number | undefined): Message {
  return { ...message, status, ...(at === undefined ? {} : { at }) };
}

/** Moves the conversation of a new message to the front. */
function withMessage(conversations: readonly Conversation[], message: Message): Conversation[] {
  const known = conversations.find((one) => one.id === message.conversation);
  const username = message.incoming && message.to !== undefined ? message.from : (known?.username ?? message.to);
  const updated: Conversation = {
    id: message.conversation,
    ...(username === undefined ? {} : { username }),
    last: message,
    unread: (known?.unread ?? 0) + (message.incoming ? 1 : 0),
  };
  return [updated, ...conversations.filter((one) => one !== known)];
}

function apply<K extends EventName>(view: ViewState, name: K, params: EventParams<K>): Partial<ViewState> {
  return APPLIERS[name](view, params);
}

/**
 * Applies an event to the view. Pure; core and user interfaces share this function, so that their views are equal. An event
 * that is not newer than the view changes nothing.
 */
export function reduce(view: ViewState, event: NumberedEvent): ViewState {
  if (event.seq <= view.seq) return view;
  const one: ClientEvent = event;
  return { ...view, ...apply(view, one.name, one.params), seq: event.seq };
}

/** The view before the first event. */
export function emptyView(): ViewState {
  return {
    seq: 0,
    connection: { state: 'idle' },
    people: [],
    typing: [],
    conversations: [],
    waiting: 0,
    clockOffset: 0,
    privateSessions: [],
    identitiesChanged: [],
    addressRule: { reveal: true, people: {} },
  };
}
