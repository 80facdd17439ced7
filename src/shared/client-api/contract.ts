import { z } from 'zod';
import { password, unicode, username, uuid } from '../protocol/ids.ts';
import { LIMITS } from '../protocol/limits.ts';
import { RESULTS, SERVER_PARAMS } from '../protocol/messages.ts';
import { connectionState } from './connection-state.ts';
import { conversationId, message, messageStatus, person, serverFacts } from './view-state.ts';

const nothing = z.strictObject({});
const done = z.object({});
const onePerson = z.strictObject({ username });
const fingerprint = z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
const signedIn = z.object({ username, waiting: z.number() });

/** Everything that a user interface may ask of the client: name → what belongs to it, and what comes of it. */
export const COMMANDS = {
  'session.signIn': {
    params: z.strictObject({ username, password, takeOver: z.boolean().optional() }),
    result: signedIn,
  },
  'session.register': {
    params: z.strictObject({ username, password, invite: unicode.max(128).optional() }),
    result: signedIn,
  },
  /** Signs in with the token of last time, and keeps trying until it is told otherwise. Answers at once. */
  'session.resume': { params: nothing, result: done },
  /** Ends the waiting between two attempts to reconnect. */
  'session.tryNow': { params: nothing, result: done },
  'session.signOut': { params: nothing, result: done },
  /** The person did something; thinned out before it goes to the server (B5). */
  'session.activity': { params: nothing, result: done },
  /** Accepts the changed certificate with exactly this fingerprint (G1). */
  'session.acceptCertificate': { params: z.strictObject({ fingerprint }), result: done },
  'account.changePassword': { params: z.strictObject({ password, newPassword: password }), result: done },
  'account.delete': { params: z.strictObject({ password }), result: done },
  'people.search': {
    params: z.strictObject({ prefix: username, limit: z.int().min(1).max(LIMITS.searchResults).optional() }),
    result: RESULTS['people.search'],
  },
  'presence.online': { params: nothing, result: z.object({ users: z.array(person) }) },
  'presence.history': {
    params: z.strictObject({ seconds: z.int().nonnegative() }),
    result: RESULTS['presence.history'].pick({ users: true }),
  },
  /** Puts a message into the outbox; what becomes of it is told by `message.changed` (D2, D8). */
  'message.send': {
    params: z.strictObject({ to: username.min(1), text: unicode.min(1) }),
    result: z.object({ message }),
  },
  'message.cancel': { params: z.strictObject({ id: uuid }), result: done },
  'message.broadcast': { params: z.strictObject({ text: unicode.min(1) }), result: RESULTS['message.broadcast'] },
  'outbox.list': { params: nothing, result: z.object({ messages: z.array(message) }) },
  'typing.set': { params: z.strictObject({ to: username, typing: z.boolean() }), result: done },
  /** Messages before a position (default: the newest), oldest first. */
  'history.page': {
    params: z.strictObject({
      conversation: conversationId,
      before: z.int().optional(),
      limit: z.int().min(1).max(500),
    }),
    result: z.object({ messages: z.array(message) }),
  },
  'conversation.read': {
    params: z.strictObject({ conversation: conversationId, through: z.int() }),
    result: done,
  },
  'blacklist.add': { params: onePerson, result: done },
  'blacklist.remove': { params: onePerson, result: done },
  'blacklist.list': { params: nothing, result: z.object({ users: z.array(username) }) },
} as const satisfies Record<string, { params: z.ZodType; result: z.ZodType }>;

export type CommandName = keyof typeof COMMANDS;
export type CommandParams<K extends CommandName> = z.infer<(typeof COMMANDS)[K]['params']>;
export type CommandResult<K extends CommandName> = z.infer<(typeof COMMANDS)[K]['result']>;

/** Everything that the client tells a user interface unasked. The view state changes by these and nothing else. */
export const EVENTS = {
  'connection.changed': z.object({ connection: connectionState }),
  'server.greeted': serverFacts,
  /** A certificate was trusted at first use, or a changed one was accepted (`replaced`). */
  'certificate.pinned': z.object({ fingerprint, replaced: z.boolean() }),
  /** Signed in or resumed. `waiting`: messages in the mailbox, about to come. */
  'session.started': z.object({ username, waiting: z.number(), resumed: z.boolean() }),
  'people.replaced': z.object({ people: z.array(person) }),
  'presence.changed': SERVER_PARAMS['presence.changed'],
  'message.added': z.object({ message }),
  'message.changed': z.object({
    id: z.string(),
    conversation: conversationId,
    to: z.string(),
    status: messageStatus,
  }),
  'message.removed': z.object({ id: z.string(), conversation: conversationId }),
  'outbox.changed': z.object({ waiting: z.number() }),
  'conversation.read': z.object({ conversation: conversationId, unread: z.number() }),
  'typing.changed': SERVER_PARAMS['typing.changed'],
  'blacklist.replaced': z.object({ users: z.array(username) }),
} as const satisfies Record<string, z.ZodType>;

export type EventName = keyof typeof EVENTS;
export type EventParams<K extends EventName> = z.infer<(typeof EVENTS)[K]>;

/** One event before it is numbered. */
export type ClientEvent = { [K in EventName]: { readonly name: K; readonly params: EventParams<K> } }[EventName];

/** One event as user interfaces get it; older ones than the snapshot at hand are dropped. */
export type NumberedEvent = ClientEvent & { readonly seq: number };
