import { z } from 'zod';
import { password, timestamp, unicode, unicodeUpTo, username, uuid } from '../protocol/ids.ts';
import { LIMITS } from '../limits.ts';
import { RESULTS, SERVER_PARAMS } from '../protocol/messages.ts';
import { connectionState } from './connection-state.ts';
import { addressRule, identityTrust, privateMessage, privateSession } from './private-view.ts';
import {
  clockOffset,
  conversation,
  conversationId,
  message,
  messageStatus,
  person,
  serverFacts,
} from './view-state.ts';

const nothing = z.strictObject({});
const done = z.object({});
const onePerson = z.strictObject({ username });
const fingerprint = z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
const signedIn = z.object({ username, waiting: z.number() });
/** Note of a request: one line. */
const note = unicodeUpTo(LIMITS.noteCharacters).refine((text) => !/\p{Cc}/u.test(text));
const privately = z.object({ sid: z.string() });
const ofSession = { sid: z.string(), username: z.string() };
const someMessages = z.object({ ...ofSession, ids: z.array(z.string()).readonly() });

const placed = z.strictObject({ conversation: conversationId, position: z.int() });
const somePage = z.object({ messages: z.array(message) });
/** Why a line of a file is not imported. */
const lineFault = z.enum(['not-json', 'newer-version', 'not-a-message', 'wrong-time', 'wrong-state', 'other-account']);
export const LINE_FAULTS = lineFault.options;
export type LineFault = z.infer<typeof lineFault>;

/** Place of the next page of an export. */
const exportPlace = z.strictObject({ conversation: conversationId.optional(), position: z.int().optional() });

/** The peer does not learn an address of this computer in this session, whatever the address rule says (F9). */
const hideAddress = z.literal(true).optional();

/** Every command of a user interface to the client: name → parameters and result. */
export const COMMANDS = {
  'session.signIn': {
    params: z.strictObject({ username, password, takeOver: z.boolean().optional() }),
    result: signedIn,
  },
  'session.register': {
    params: z.strictObject({ username, password, invite: unicode.max(128).optional() }),
    result: signedIn,
  },
  /** Signs in with the stored token and keeps trying until another command ends that. Answers at once. */
  'session.resume': { params: nothing, result: done },
  /** Ends the wait between two attempts to reconnect; if online, tests the connection. */
  'session.tryNow': { params: nothing, result: done },
  'session.signOut': { params: nothing, result: done },
  /** The user was active; the client limits how often it notifies the server (B5), and reconnects sooner (G7). */
  'session.activity': { params: nothing, result: done },
  /** Measures the server's response time; does not count as activity. Fails with `offline` without a connection. */
  'session.measure': { params: nothing, result: z.object({ milliseconds: z.number().nonnegative() }) },
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
  /**
   * Puts a message into the outbox; `message.changed` reports its status (D2, D8). A user interface that gives an `id` may
   * repeat a command that got no answer: the same `id` is the same message (D3). Likewise for broadcasts and private messages.
   */
  'message.send': {
    params: z.strictObject({ id: uuid.optional(), to: username.min(1), text: unicode.min(1) }),
    result: z.object({ message }),
  },
  'message.cancel': { params: z.strictObject({ id: uuid }), result: done },
  'message.broadcast': {
    params: z.strictObject({ id: uuid.optional(), text: unicode.min(1) }),
    result: RESULTS['message.broadcast'],
  },
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
  /**
   * Messages with every word of the text, in any case, as part of a word; newest first. `next`: more may be before that
   * position.
   */
  'history.search': {
    params: z.strictObject({
      text: unicode.max(1_000),
      conversation: conversationId.optional(),
      before: z.int().optional(),
      limit: z.int().min(1).max(100),
    }),
    result: z.object({ messages: z.array(message), next: z.number().optional() }),
  },
  /** The messages around a position, oldest first, for opening a search result. */
  'history.around': { params: placed.extend({ limit: z.int().min(1).max(500) }), result: somePage },
  /**
   * The messages around the first unread one, oldest first, for opening a conversation; `first` is its position. Without
   * an unread message: the newest messages.
   */
  'history.unread': {
    params: z.strictObject({ conversation: conversationId, limit: z.int().min(1).max(500) }),
    result: somePage.extend({ first: z.number().optional() }),
  },
  /** The messages around the first one at or after a time, oldest first; `first` is its position; absent: there is none. */
  'history.since': {
    params: z.strictObject({ conversation: conversationId, at: timestamp, limit: z.int().min(1).max(500) }),
    result: somePage.extend({ first: z.number().optional() }),
  },
  /** Messages after a position, oldest first. */
  'history.after': { params: placed.extend({ limit: z.int().min(1).max(500) }), result: somePage },
  /** Deletes a message on this computer only. */
  'message.delete': { params: placed, result: done },
  /** Deletes one conversation or all on this computer only. Queued messages stay. */
  'history.delete': { params: z.strictObject({ conversation: conversationId.optional() }), result: done },
  /** A page of the history as text for a file; `next` is `from` of the next page. Absent: this was the last page. */
  'history.export': {
    params: z.strictObject({
      format: z.enum(['json', 'html']),
      conversation: conversationId.optional(),
      from: exportPlace.optional(),
    }),
    /** `messages`: number in this page. */
    result: z.object({ text: z.string(), messages: z.int().nonnegative(), next: exportPlace.optional() }),
  },
  /**
   * Imports some lines of a history exported as JSON. `firstLine`: number of the first line in the file; `place`,
   * `behind`: from the result for the lines before. Other lines are reported in `faults` and left out.
   */
  'history.import': {
    params: z.strictObject({
      lines: z.array(z.string().max(100_000)).max(500),
      firstLine: z.int().min(1),
      place: z.int().optional(),
      behind: z.int().optional(),
      /** More lines follow; `history.replaced` is sent after the last ones, or some seconds without further ones. */
      more: z.boolean().optional(),
    }),
    result: z.object({
      added: z.number(),
      repeated: z.number(),
      faults: z.array(z.object({ line: z.number(), reason: lineFault })),
      place: z.number(),
      behind: z.number().optional(),
    }),
  },
  'conversation.read': {
    params: z.strictObject({ conversation: conversationId, through: z.int() }),
    result: done,
  },
  'blacklist.add': { params: onePerson, result: done },
  'blacklist.remove': { params: onePerson, result: done },
  'blacklist.list': { params: nothing, result: z.object({ users: z.array(username) }) },
  /** Requests a private session (F1), or accepts the user's request. `private.changed` reports the outcome. */
  'private.ask': { params: onePerson.extend({ note: note.optional(), hideAddress }), result: privately },
  'private.answer': { params: onePerson.extend({ accept: z.boolean(), hideAddress }), result: privately },
  /** Cancels the own request. */
  'private.cancel': { params: onePerson, result: privately },
  /** Ends a session or request in any state (F6). */
  'private.end': { params: onePerson, result: privately },
  /** Sends a private message (F5); `private.delivered` or `private.undelivered` follows. */
  'private.say': {
    params: z.strictObject({ id: uuid.optional(), username: username.min(1), text: unicode.min(1) }),
    result: z.object({ message: privateMessage }),
  },
  'private.typing': { params: onePerson.extend({ typing: z.boolean() }), result: done },
  /** Asks to save this session; messages are saved only if both sides ask (F7). */
  'private.keep': { params: onePerson.extend({ keep: z.boolean() }), result: privately },
  /** Sixty digits, the same on both sides (F8). */
  'private.safetyNumber': { params: onePerson, result: z.object({ digits: z.string(), trust: identityTrust }) },
  /** Confirms the safety number, or revokes that. */
  'private.verify': {
    params: onePerson.extend({ verified: z.boolean() }),
    result: z.object({ trust: identityTrust }),
  },
  /** Accepts the changed identity of a user. */
  'private.acceptIdentity': { params: onePerson, result: z.object({ trust: identityTrust }) },
  /**
   * Sets whether peers may learn addresses of this computer, in general or for one user, from the next session on.
   * Without `reveal` the exception for the user is removed.
   */
  'private.revealAddress': {
    params: z
      .strictObject({ reveal: z.boolean().optional(), username: username.min(1).optional() })
      .refine(({ reveal, username: person }) => reveal !== undefined || person !== undefined),
    result: z.object({ addressRule }),
  },
} as const satisfies Record<string, { params: z.ZodType; result: z.ZodType }>;

export type CommandName = keyof typeof COMMANDS;
export type CommandParams<K extends CommandName> = z.infer<(typeof COMMANDS)[K]['params']>;
export type CommandResult<K extends CommandName> = z.infer<(typeof COMMANDS)[K]['result']>;

/** Every event of the client. Only events change the view state. */
export const EVENTS = {
  'connection.changed': z.object({ connection: connectionState }),
  'server.greeted': serverFacts.extend({ clockOffset }),
  /** A certificate was trusted on first use, or a changed one was accepted (`replaced`). */
  'certificate.pinned': z.object({ fingerprint, replaced: z.boolean() }),
  /** Signed in or resumed. `waiting`: messages in the mailbox, which follow. */
  'session.started': z.object({ username, waiting: z.number(), resumed: z.boolean() }),
  'people.replaced': z.object({ people: z.array(person) }),
  'presence.changed': SERVER_PARAMS['presence.changed'],
  'message.added': z.object({ message }),
  'message.changed': z.object({
    id: z.string(),
    conversation: conversationId,
    to: z.string(),
    status: messageStatus,
    /** The server's time of the message, if that is new. */
    at: z.number().optional(),
  }),
  /** `last`: the conversation's new last message, if known. */
  'message.removed': z.object({ id: z.string(), conversation: conversationId, last: message.optional() }),
  /** Many messages were added or deleted: pages read before are outdated. */
  'history.replaced': z.object({ conversations: z.array(conversation) }),
  'outbox.changed': z.object({ waiting: z.number() }),
  'conversation.read': z.object({ conversation: conversationId, unread: z.number() }),
  'typing.changed': SERVER_PARAMS['typing.changed'],
  'blacklist.replaced': z.object({ users: z.array(username) }),
  /** A private session or request is new, has changed, or has ended. */
  'private.changed': z.object({ session: privateSession }),
  /** A private message of either side. `keep`: both sides ask to save it. */
  'private.message': z.object({ message: privateMessage, keep: z.boolean() }),
  /** The peer's client has confirmed these own messages. */
  'private.delivered': someMessages,
  /** The session ended before these messages were delivered. */
  'private.undelivered': someMessages,
  'private.typing': z.object({ ...ofSession, typing: z.boolean() }),
  /** A warning: the device identity of a user has changed. Private sessions need its acceptance first (F8). */
  'private.identityChanged': z.object({ username: z.string(), identityKey: z.string() }),
  /** The changed identity was accepted, or the known one is back. */
  'private.identitySettled': z.object({ username: z.string() }),
  /** A warning: a forged introduction, or private messages that could not be saved. */
  'private.warning': z.object({ username: z.string(), fault: z.string() }),
  'addressRule.replaced': z.object({ addressRule }),
} as const satisfies Record<string, z.ZodType>;

export type EventName = keyof typeof EVENTS;
export type EventParams<K extends EventName> = z.infer<(typeof EVENTS)[K]>;

/** An event without its number. */
export type ClientEvent = { [K in EventName]: { readonly name: K; readonly params: EventParams<K> } }[EventName];

/** A numbered event; a user interface drops events that are older than its snapshot. */
export type NumberedEvent = ClientEvent & { readonly seq: number };
