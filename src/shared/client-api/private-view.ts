import { z } from 'zod';

/** How the words of a private session go. Addresses are those of the other side (F4). */
export const privatePath = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('direct-lan'), address: z.string() }),
  z.object({ kind: z.literal('direct'), address: z.string() }),
  /** Through the server's blind tunnel, sealed between the two. */
  z.object({ kind: z.literal('relayed') }),
]);
export type PrivatePath = z.infer<typeof privatePath>;

/** How somebody's device identity compares with what is known of them (F8). */
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
  /** People have to see it as a warning. */
  loud: z.boolean(),
  text: z.string(),
});
/** Why a private session, or a request for one, is over. */
export type PrivateEnding = z.infer<typeof privateEnding>;

/** Where a private session stands: exactly one of these. Times are milliseconds since 1970 UTC. */
export const privateSessionState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('asking'), expiresAt: z.number() }),
  z.object({
    state: z.literal('asked'),
    expiresAt: z.number(),
    note: z.string().optional(),
    trust: identityTrust,
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
  /** Whether we asked. */
  initiator: z.boolean(),
  state: privateSessionState,
  /** Who wants it kept; it is where both do (F7). */
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

/** What was said, as long as the session lives. */
const privateLine = z.object({
  id: z.string(),
  incoming: z.boolean(),
  text: z.string(),
  at: z.number(),
  delivered: z.boolean(),
});

/** A private session with what was said in it: in memory only, and gone with it (F7). */
export const privateConversation = privateSession.extend({ lines: z.array(privateLine), typing: z.boolean() });
export type PrivateConversation = z.infer<typeof privateConversation>;

/** Whether others may learn this computer's addresses (F2): for everybody, and where somebody is an exception. */
export const addressRule = z.object({
  reveal: z.boolean(),
  /** By the folded name. */
  people: z.record(z.string(), z.boolean()),
});
export type AddressRule = z.infer<typeof addressRule>;
