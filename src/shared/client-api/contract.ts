import { z } from 'zod';
import { password, unicode, unicodeUpTo, username, uuid } from '../protocol/ids.ts';
import { LIMITS } from '../limits.ts';
import { RESULTS, SERVER_PARAMS } from '../protocol/messages.ts';
import { connectionState } from './connection-state.ts';
import { addressRule, identityTrust, privateMessage, privateSession } from './private-view.ts';
import { conversation, conversationId, message, messageStatus, person, serverFacts } from './view-state.ts';

const nothing = z.strictObject({});
const done = z.object({});
const onePerson = z.strictObject({ username });
const fingerprint = z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
const signedIn = z.object({ username, waiting: z.number() });
/** One line, shown with the question. */
const note = unicodeUpTo(LIMITS.noteCharacters).refine((text) => !/\p{Cc}/u.test(text));
const privately = z.object({ sid: z.string() });
const ofSession = { sid: z.string(), username: z.string() };
const someMessages = z.object({ ...ofSession, ids: z.array(z.string()).readonly() });

const placed = z.strictObject({ conversation: conversationId, position: z.int() });
const somePage = z.object({ messages: z.array(message) });
/** Why a line of a file is no message that can be imported: reasons for programs, worded by each user interface. */
const lineFault = z.enum(['not-json', 'newer-version', 'not-a-message', 'wrong-state', 'other-account']);
export const LINE_FAULTS = lineFault.options;
export type LineFault = z.infer<typeof lineFault>;

/** How far an export has come. */
const exportPlace = z.strictObject({ conversation: conversationId.optional(), position: z.int().optional() });

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
  /** Ends the waiting between two attempts to reconnect; where it is online, finds out soon whether that is still true. */
  'session.tryNow': { params: nothing, result: done },
  'session.signOut': { params: nothing, result: done },
  /** The person did something; thinned out before it goes to the server (B5). */
  'session.activity': { params: nothing, result: done },
  /** How long the server takes to answer just now; nobody counts as active by it. `offline` where there is none. */
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
   * Puts a message into the outbox; what becomes of it is told by `message.changed` (D2, D8). An interface that makes
   * the `id` may ask again where it got no answer: the same `id` is the same message (D3). So for all that is said.
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
   * Messages with every word of the text, in whatever case, as part of a word; the newest first. `next`: there may be
   * more before that position.
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
  /** The message at a position with those before and after it, oldest first: where a search result opens. */
  'history.around': { params: placed.extend({ limit: z.int().min(1).max(500) }), result: somePage },
  /** Messages after a position, oldest first. */
  'history.after': { params: placed.extend({ limit: z.int().min(1).max(500) }), result: somePage },
  /** Deletes a message on this computer only. */
  'message.delete': { params: placed, result: done },
  /** Deletes a conversation, or all of them, on this computer only. Messages waiting to be sent stay. */
  'history.delete': { params: z.strictObject({ conversation: conversationId.optional() }), result: done },
  /** A page of the history as text for a file; `next` goes into `from` for the next page. Absent: that was all. */
  'history.export': {
    params: z.strictObject({
      format: z.enum(['json', 'html']),
      conversation: conversationId.optional(),
      from: exportPlace.optional(),
    }),
    /** `messages`: how many are in this page. */
    result: z.object({ text: z.string(), messages: z.int().nonnegative(), next: exportPlace.optional() }),
  },
  /**
   * Some lines of a history that was exported as JSON. `firstLine`: the number of the first of them in the file;
   * `place`, `behind`: what came back for the lines before. Lines that are no message are named and left out.
   */
  'history.import': {
    params: z.strictObject({
      lines: z.array(z.string().max(100_000)).max(500),
      firstLine: z.int().min(1),
      place: z.int().optional(),
      behind: z.int().optional(),
      /** More lines follow; `history.replaced` waits for the last ones, and some seconds for the next. */
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
  /** Asks somebody to talk aside (F1); says yes where they are asking. What becomes of it is told by `private.changed`. */
  'private.ask': { params: onePerson.extend({ note: note.optional() }), result: privately },
  'private.answer': { params: onePerson.extend({ accept: z.boolean() }), result: privately },
  /** Takes a request back. */
  'private.cancel': { params: onePerson, result: privately },
  /** Ends a session or a request, whatever its state (F6). */
  'private.end': { params: onePerson, result: privately },
  /** Says something aside (F5); `private.delivered` or `private.undelivered` follows. */
  'private.say': {
    params: z.strictObject({ id: uuid.optional(), username: username.min(1), text: unicode.min(1) }),
    result: z.object({ message: privateMessage }),
  },
  'private.typing': { params: onePerson.extend({ typing: z.boolean() }), result: done },
  /** Whether this session is to be kept; it is where both say so (F7). */
  'private.keep': { params: onePerson.extend({ keep: z.boolean() }), result: privately },
  /** Sixty digits that are the same on both sides (F8). */
  'private.safetyNumber': { params: onePerson, result: z.object({ digits: z.string(), trust: identityTrust }) },
  /** The safety number was compared, or that is taken back. */
  'private.verify': {
    params: onePerson.extend({ verified: z.boolean() }),
    result: z.object({ trust: identityTrust }),
  },
  /** Accepts the changed identity that was announced. */
  'private.acceptIdentity': { params: onePerson, result: z.object({ trust: identityTrust }) },
  /**
   * Whether addresses of this computer may be told, to everybody or to one person; good from the next session on.
   * Without `reveal` the person is no exception any more.
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
  /** `last`: what is the conversation's last message now, where that is known. */
  'message.removed': z.object({ id: z.string(), conversation: conversationId, last: message.optional() }),
  /** Much of the local history was deleted or added: what was read of it before is no longer right. */
  'history.replaced': z.object({ conversations: z.array(conversation) }),
  'outbox.changed': z.object({ waiting: z.number() }),
  'conversation.read': z.object({ conversation: conversationId, unread: z.number() }),
  'typing.changed': SERVER_PARAMS['typing.changed'],
  'blacklist.replaced': z.object({ users: z.array(username) }),
  /** A private session or request is new, has changed, or has ended. */
  'private.changed': z.object({ session: privateSession }),
  /** Said aside, by either. `keep`: both want it kept. */
  'private.message': z.object({ message: privateMessage, keep: z.boolean() }),
  /** The other's client has these of one's own. */
  'private.delivered': someMessages,
  /** The session is over, and these never arrived. */
  'private.undelivered': someMessages,
  'private.typing': z.object({ ...ofSession, typing: z.boolean() }),
  /** Loud: another device identity than the known one; private talk waits until it is accepted (F8). */
  'private.identityChanged': z.object({ username: z.string(), identityKey: z.string() }),
  /** The changed identity was accepted, or the known one is back: there is nothing to accept any more. */
  'private.identitySettled': z.object({ username: z.string() }),
  /** Loud: something that was not what it claims to be, or could not be done as promised. */
  'private.warning': z.object({ username: z.string(), fault: z.string() }),
  'addressRule.replaced': z.object({ addressRule }),
} as const satisfies Record<string, z.ZodType>;

export type EventName = keyof typeof EVENTS;
export type EventParams<K extends EventName> = z.infer<(typeof EVENTS)[K]>;

/** One event before it is numbered. */
export type ClientEvent = { [K in EventName]: { readonly name: K; readonly params: EventParams<K> } }[EventName];

/** One event as user interfaces get it; older ones than the snapshot at hand are dropped. */
export type NumberedEvent = ClientEvent & { readonly seq: number };
