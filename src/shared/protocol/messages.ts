import { z } from 'zod';
import { count, device, password, timestamp, unicode, unicodeUpTo, username, uuid, wait } from './ids.ts';
import { LIMITS } from '../limits.ts';
import { DEPARTURE_REASONS, SESSION_END_REASONS } from './reasons.ts';

/** Opaque to the server: base64 (RFC 4648 §4, padded) of 1 byte to 8 KiB. Clients sign and verify the contents. */
const signedPayload = z
  .string()
  .min(4)
  .max(Math.ceil(LIMITS.payloadBytes / 3) * 4)
  .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/)
  .refine((text) => decodedBytes(text) <= LIMITS.payloadBytes);
/** Note of a request: one line, no control characters. */
const note = unicodeUpTo(LIMITS.noteCharacters).refine((text) => !/\p{Cc}/u.test(text));
const endReason = unicode.max(64);

function decodedBytes(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

/** Final statuses of a message that the server has stored (D2). */
const SETTLED_STATUSES = ['delivered', 'expired', 'withdrawn'] as const;
export type SettledStatus = (typeof SETTLED_STATUSES)[number];

/** Additions to the first version of the protocol, for `hello.features`. */
export const FEATURES = ['settled'] as const;

const nothing = z.strictObject({});
const onePerson = z.strictObject({ username });
/** A list that is too long for one line is continued with `next` as `after`. */
const page = z.strictObject({ after: username.optional() });

/**
 * Parameters of a client's methods. Strict: unknown members are refused.
 * `message.confirm`, `typing.set` and `session.activity` are notifications, everything else is a request.
 */
export const CLIENT_PARAMS = {
  'account.register': z.strictObject({ username, password, device, invite: unicode.max(128).optional() }),
  'session.signIn': z.strictObject({ username, password, device, takeOver: z.boolean().optional() }),
  'session.resume': z.strictObject({ token: unicode.min(1).max(256), device }),
  'session.signOut': nothing,
  'session.ping': nothing,
  'session.activity': nothing,
  'account.changePassword': z.strictObject({ password, newPassword: password }),
  'account.delete': z.strictObject({ password }),
  'people.search': z.strictObject({ prefix: username, limit: z.int().min(1).max(LIMITS.searchResults).optional() }),
  'presence.online': page,
  'presence.history': z.strictObject({ seconds: count, after: username.optional() }),
  'message.send': z.strictObject({ id: uuid, to: username, text: unicode.min(1) }),
  'message.confirm': z.strictObject({ through: count }),
  'message.broadcast': z.strictObject({ id: uuid, text: unicode.min(1) }),
  'typing.set': z.strictObject({ to: username, typing: z.boolean() }),
  'blacklist.add': onePerson,
  'blacklist.remove': onePerson,
  'blacklist.list': page,
  'private.request': z.strictObject({
    sid: uuid,
    to: username,
    offer: signedPayload,
    note: note.optional(),
  }),
  'private.answer': z.strictObject({ sid: uuid, accept: z.boolean(), answer: signedPayload.optional() }),
  /** With `observed: true` the server adds this client's address as it sees it. */
  'private.signal': z.strictObject({ sid: uuid, payload: signedPayload, observed: z.boolean().optional() }),
  'private.cancel': z.strictObject({ sid: uuid, reason: endReason.optional() }),
  'private.end': z.strictObject({ sid: uuid, reason: endReason.optional() }),
  'private.relay': z.strictObject({ sid: uuid }),
} as const satisfies Record<string, z.ZodType>;

export type ClientMethod = keyof typeof CLIENT_PARAMS;
export type ClientParams<M extends ClientMethod> = z.infer<(typeof CLIENT_PARAMS)[M]>;

/** Methods of a client without an answer. */
export const CLIENT_NOTIFICATIONS = ['session.activity', 'message.confirm', 'typing.set'] as const;
export type ClientNotification = (typeof CLIENT_NOTIFICATIONS)[number];
export type RequestMethod = Exclude<ClientMethod, ClientNotification>;

const online = z.object({ username, since: timestamp });
const signedIn = z.object({
  username,
  token: z.string().min(1).max(256),
  tokenExpiresAt: timestamp,
  /** Messages in the mailbox. */
  waiting: count,
  online: z.array(online),
  /** Set when `online` is only the first page (see `presence.online`). */
  next: username.optional(),
});
const done = z.object({});

/** Results of requests. Loose: members of a newer server are ignored. */
export const RESULTS = {
  'account.register': signedIn,
  'session.signIn': signedIn,
  'session.resume': signedIn,
  'session.signOut': done,
  'session.ping': done,
  'account.changePassword': done,
  'account.delete': done,
  'people.search': z.object({ users: z.array(z.object({ username, online: z.boolean() })) }),
  'presence.online': z.object({ users: z.array(online), next: username.optional() }),
  'presence.history': z.object({
    users: z.array(z.object({ username, intervals: z.array(z.tuple([timestamp, timestamp.nullable()])) })),
    next: username.optional(),
  }),
  'message.send': z.object({ status: z.enum(['delivered', 'stored']), at: timestamp }),
  'message.broadcast': z.object({ recipients: count, someBlocked: z.boolean() }),
  'blacklist.add': done,
  'blacklist.remove': done,
  'blacklist.list': z.object({ users: z.array(username), next: username.optional() }),
  'private.request': z.object({ expiresAt: timestamp }),
  'private.answer': done,
  'private.signal': done,
  'private.cancel': done,
  'private.end': done,
  'private.relay': z.object({ token: z.string().min(1).max(256), expiresAt: timestamp }),
} as const satisfies Record<RequestMethod, z.ZodType>;

export type Result<M extends RequestMethod> = z.infer<(typeof RESULTS)[M]>;

/** Parameters of the server's notifications. Loose, as results are. */
export const SERVER_PARAMS = {
  hello: z.object({
    protocol: z.literal(1),
    server: z.object({ id: uuid, name: unicode.max(256), version: z.string().max(64) }),
    policy: z.object({
      blockSeconds: count,
      timeoutSeconds: count,
      registration: z.enum(['open', 'invite', 'closed']),
    }),
    limits: z.object({
      lineBytes: count,
      textBytes: count,
      requestsOutstanding: count,
      /** 0: no limit. */
      messagesPerSecond: count,
      messageBurst: count,
    }),
    /** Names of additions to the protocol that the server knows; a client uses only those it finds here. */
    features: z.array(z.string().max(64)).max(256).default([]),
    now: timestamp,
  }),
  'presence.changed': z.object({
    username,
    online: z.boolean(),
    at: timestamp,
    reason: z.enum(DEPARTURE_REASONS).optional(),
  }),
  'message.new': z.object({
    n: count,
    id: uuid,
    from: username,
    text: unicode,
    at: timestamp,
    stored: z.boolean(),
  }),
  'message.settled': z.object({ n: count, id: uuid, to: unicode, status: z.enum(SETTLED_STATUSES), at: timestamp }),
  'broadcast.new': z.object({ id: uuid, from: username, text: unicode, at: timestamp }),
  'typing.changed': z.object({ username, typing: z.boolean() }),
  'session.ended': z.object({ reason: z.enum(SESSION_END_REASONS), retryAfterMs: wait.optional() }),
  'private.requested': z.object({
    sid: uuid,
    from: username,
    offer: signedPayload,
    note: note.optional(),
    expiresAt: timestamp,
  }),
  'private.answered': z.object({ sid: uuid, accepted: z.boolean(), answer: signedPayload.optional() }),
  'private.signal': z.object({ sid: uuid, payload: signedPayload, observed: z.string().max(64).optional() }),
  /** Any reason is accepted: an unknown one of a newer server has to end the session too. */
  'private.ended': z.object({ sid: uuid, by: username.optional(), reason: z.string().max(64) }),
} as const satisfies Record<string, z.ZodType>;

export type ServerMethod = keyof typeof SERVER_PARAMS;
export type ServerParams<M extends ServerMethod> = z.infer<(typeof SERVER_PARAMS)[M]>;

/** Every notification of the server, as one union. */
export type ServerNotification = {
  [M in ServerMethod]: { readonly method: M; readonly params: ServerParams<M> };
}[ServerMethod];

/** `data` of an error answer. */
export const errorData = z.object({
  reason: z.string().max(64),
  retryAfterMs: wait.optional(),
  attemptsLeft: count.optional(),
});
