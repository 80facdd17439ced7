import { z } from 'zod';
import { SERVER_PARAMS } from '../protocol/messages.ts';
import { connectionState } from './connection-state.ts';
import { addressRule, privateConversation } from './private-view.ts';

/** Status of a message (D2). */
export const messageStatus = z.discriminatedUnion('state', [
  z.object({ state: z.literal('received') }),
  /** Without an answer of the server yet. `attempted`: it may have been sent, so it cannot be cancelled (D8). */
  z.object({ state: z.literal('queued'), attempted: z.boolean() }),
  z.object({ state: z.literal('stored') }),
  z.object({ state: z.literal('delivered') }),
  z.object({ state: z.literal('refused'), reason: z.string() }),
  /** A sent broadcast (D7). */
  z.object({ state: z.literal('broadcast'), recipients: z.number(), someBlocked: z.boolean() }),
]);
export type MessageStatus = z.infer<typeof messageStatus>;

/** Conversation id: `#everyone`, or `@` and a folded username. See `conversation-id.ts`. */
export const conversationId = z.string().min(1).max(2_048);

export const message = z.object({
  /** Place in the local history; rises and never changes. */
  position: z.number(),
  id: z.string(),
  conversation: conversationId,
  /** Username of the sender. */
  from: z.string(),
  /** Username of the recipient; absent for broadcasts. */
  to: z.string().optional(),
  incoming: z.boolean(),
  text: z.string(),
  /** Time at which the server took the message; for an own one without an answer, the time of writing (D10). */
  at: z.number(),
  status: messageStatus,
  /** A private message, saved because both sides asked (F7). */
  isPrivate: z.literal(true).optional(),
});
export type Message = z.infer<typeof message>;

export const conversation = z.object({
  id: conversationId,
  /** The other user's name as last seen; absent for broadcasts. */
  username: z.string().optional(),
  last: message.optional(),
  unread: z.number(),
});
export type Conversation = z.infer<typeof conversation>;

export const person = z.object({ username: z.string(), since: z.number() });
export type Person = z.infer<typeof person>;

const hello = SERVER_PARAMS.hello;
/** The server's properties from its last greeting. */
export const serverFacts = hello.pick({ server: true, policy: true, limits: true });

/** The server's clock minus the clock of this computer, in milliseconds; 0 if that is not known, or within the tolerance (D10). */
export const clockOffset = z.number();

/**
 * The state that a user interface shows, as plain JSON. A snapshot and every event with a higher `seq`, applied by
 * `reduce`, always equal the next snapshot.
 */
export const viewState = z.object({
  seq: z.number(),
  connection: connectionState,
  /** Own username in the server's spelling, when known. */
  username: z.string().optional(),
  server: serverFacts.optional(),
  clockOffset,
  /** Fingerprint (SHA-256, colon hex) of the server's pinned certificate. */
  fingerprint: z.string().optional(),
  /** Online users, without the own one. Empty without a connection. */
  people: z.array(person),
  /** Users that are typing to this user. */
  typing: z.array(z.string()),
  /** Undefined before the server has sent it. */
  blacklist: z.array(z.string()).optional(),
  conversations: z.array(conversation),
  /** Number of messages in the outbox without an answer. */
  waiting: z.number(),
  /** Private sessions and requests that have not ended. */
  privateSessions: z.array(privateConversation),
  /** Users with a changed device identity that this user has not accepted yet (F8). */
  identitiesChanged: z.array(z.string()),
  addressRule,
});
export type ViewState = z.infer<typeof viewState>;
