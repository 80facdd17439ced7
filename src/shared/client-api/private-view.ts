import { z } from 'zod';

/** Path of the private messages. Addresses are the peer's (F4). */
export const privatePath = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('direct-lan'), address: z.string() }),
  z.object({ kind: z.literal('direct'), address: z.string() }),
  /** Through the server's blind tunnel, encrypted between both clients. */
  z.object({ kind: z.literal('relayed') }),
]);
export type PrivatePath = z.infer<typeof privatePath>;

/** Trust in the device identity of a user (F8). `changed` blocks private sessions until the user accepts it. */
export const identityTrust = z.enum(['new', 'known', 'verified', 'changed']);
export type IdentityTrust = z.infer<typeof identityTrust>;

/** Why a signed introduction was refused. Each ends the session with a warning. */
export type IntroductionFault =
  | 'malformed'
  | 'signature'
  | 'session'
  | 'names'
  | 'role'
  | 'identity'
  | 'expired'
  | 'not-yet'
  | 'replayed';

/** Why a private session, or a request for one, ended. */
export type PrivateEndingReason =
  | 'declined'
  | 'cancelled'
  | 'expired'
  | 'ended'
  | 'peer-left'
  | 'signed-out'
  | 'blocked'
  | 'lost'
  | 'no-path'
  | 'identity-changed'
  | 'introduction'
  | 'impostor'
  | 'protocol'
  | 'too-fast'
  | 'crossed'
  | 'refused'
  | 'failed';

const privateEnding = z.object({
  /** A `PrivateEndingReason`; a newer host may know others. */
  reason: z.string(),
  by: z.enum(['you', 'peer', 'server']),
  /** An `IntroductionFault`; a newer host may know others. */
  fault: z.string().optional(),
  /** Shown as a warning. */
  loud: z.boolean(),
});
/** The end of a private session or request. */
export type PrivateEnding = z.infer<typeof privateEnding>;

/** State of a private session: exactly one of these. Times are milliseconds since 1970 UTC. */
export const privateSessionState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('asking'), expiresAt: z.number() }),
  z.object({
    state: z.literal('asked'),
    expiresAt: z.number(),
    note: z.string().optional(),
    trust: identityTrust,
    /** The peer does not show an address: neither side learns the other's (F9). */
    peerHidesAddress: z.literal(true).optional(),
  }),
  z.object({ state: z.literal('connecting'), because: z.enum(['accepted', 'path-lost']) }),
  z.object({ state: z.literal('open'), path: privatePath, trust: identityTrust }),
  z.object({
    state: z.literal('ended'),
    ending: privateEnding,
  }),
]);
export type PrivateSessionState = z.infer<typeof privateSessionState>;

export const privateSession = z.object({
  sid: z.string(),
  username: z.string(),
  /** Whether this client sent the request. */
  initiator: z.boolean(),
  state: privateSessionState,
  /** The sides that ask to save the session; messages are saved only if both do (F7). */
  keep: z.object({ own: z.boolean(), peer: z.boolean() }),
});
export type PrivateSessionView = z.infer<typeof privateSession>;

export const privateMessage = z.object({
  id: z.string(),
  sid: z.string(),
  username: z.string(),
  incoming: z.boolean(),
  text: z.string(),
  at: z.number(),
});
export type PrivateMessage = z.infer<typeof privateMessage>;

/** A message of a session in the view. */
const privateLine = z.object({
  id: z.string(),
  incoming: z.boolean(),
  text: z.string(),
  at: z.number(),
  delivered: z.boolean(),
});

/** A private session with its messages: in memory only, until the session ends (F7). */
export const privateConversation = privateSession.extend({ lines: z.array(privateLine), typing: z.boolean() });
export type PrivateConversation = z.infer<typeof privateConversation>;

/** Whether peers may learn this computer's addresses (F2): in general, and exceptions for users. */
export const addressRule = z.object({
  reveal: z.boolean(),
  /** By folded username. */
  people: z.record(z.string(), z.boolean()),
});
export type AddressRule = z.infer<typeof addressRule>;
