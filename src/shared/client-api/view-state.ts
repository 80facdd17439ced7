import { z } from 'zod';
import { SERVER_PARAMS } from '../protocol/messages.ts';
import { connectionState } from './connection-state.ts';
import { addressRule, privateConversation } from './private-view.ts';

/** What became of a message (D2). */
export const messageStatus = z.discriminatedUnion('state', [
  z.object({ state: z.literal('received') }),
  /** Not yet answered by the server. `attempted`: it may have left, so it can no longer be cancelled (D8). */
  z.object({ state: z.literal('queued'), attempted: z.boolean() }),
  z.object({ state: z.literal('stored') }),
  z.object({ state: z.literal('delivered') }),
  z.object({ state: z.literal('refused'), reason: z.string() }),
  /** A broadcast that went out (D7). */
  z.object({ state: z.literal('broadcast'), recipients: z.number(), someBlocked: z.boolean() }),
]);
export type MessageStatus = z.infer<typeof messageStatus>;

/** Which conversation: `#everyone`, or `@` and the folded name of a person. Made by `conversation.ts` of the core. */
export const conversationId = z.string().min(1).max(2_048);

export const message = z.object({
  /** Place in the local history; rises, and never changes. */
  position: z.number(),
  id: z.string(),
  conversation: conversationId,
  /** Who wrote it; for one's own, oneself. */
  from: z.string(),
  /** Whom it is for; absent for broadcasts. */
  to: z.string().optional(),
  incoming: z.boolean(),
  text: z.string(),
  /** When the server took it; for one's own, when it was written. */
  at: z.number(),
  status: messageStatus,
  /** Said aside, and kept because both wanted it (F7). */
  isPrivate: z.literal(true).optional(),
});
export type Message = z.infer<typeof message>;

export const conversation = z.object({
  id: conversationId,
  /** The other person's name as last seen; absent for everyone. */
  username: z.string().optional(),
  last: message.optional(),
  unread: z.number(),
});
export type Conversation = z.infer<typeof conversation>;

export const person = z.object({ username: z.string(), since: z.number() });
export type Person = z.infer<typeof person>;

const hello = SERVER_PARAMS.hello;
/** What the server said of itself at the last connection. */
export const serverFacts = hello.pick({ server: true, policy: true, limits: true });

/**
 * All that a user interface shows, as plain JSON. A snapshot plus every event with a higher `seq`, applied by
 * `reduce`, is always equal to the next snapshot.
 */
export const viewState = z.object({
  seq: z.number(),
  connection: connectionState,
  /** One's own name as the server writes it, once known. */
  username: z.string().optional(),
  server: serverFacts.optional(),
  /** Fingerprint (SHA-256, colon hex) of the server's pinned certificate. */
  fingerprint: z.string().optional(),
  /** Who is online, without oneself. Empty while there is no connection. */
  people: z.array(person),
  /** Who is writing to us just now. */
  typing: z.array(z.string()),
  /** Undefined until the server has been asked. */
  blacklist: z.array(z.string()).optional(),
  conversations: z.array(conversation),
  /** Messages of the outbox that wait for the server's answer. */
  waiting: z.number(),
  /** Private sessions and requests that are not over. */
  privateSessions: z.array(privateConversation),
  /** Who uses another device than the known one, which nobody has accepted yet (F8). */
  identitiesChanged: z.array(z.string()),
  addressRule,
});
export type ViewState = z.infer<typeof viewState>;
