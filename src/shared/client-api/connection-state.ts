import { z } from 'zod';

/** Why there is no connection. */
export const PROBLEMS = [
  'unknown-host',
  'refused',
  'unreachable',
  'not-answering',
  'not-aside',
  'not-encrypted',
  'lost',
  'silent',
  'stalled',
  'protocol-error',
  'storage',
  'rejected',
  'server-stopping',
  'too-slow',
  'protocol',
] as const;
export type ProblemKind = (typeof PROBLEMS)[number];

export const problem = z.object({
  kind: z.enum(PROBLEMS),
  /** The operating system's error code, or the server's message if this version does not know its reason. */
  detail: z.string().optional(),
  /** The reason for which the server rejected the connection, if this version knows it. */
  reason: z.string().optional(),
});
export type Problem = z.infer<typeof problem>;

/** Why the user is signed out; the client does not sign in again by itself after these. */
export const SIGNED_OUT_REASONS = [
  'by-you',
  'timed-out',
  'replaced',
  'locked',
  'account-deleted',
  'token-invalid',
  'already-online',
] as const;
export type SignedOutReason = (typeof SIGNED_OUT_REASONS)[number];

/** State of the connection to the server: exactly one of these. Times are milliseconds since 1970 UTC. */
export const connectionState = z.discriminatedUnion('state', [
  /** No attempt yet, or the last sign-in has failed and its command has reported that. */
  z.object({ state: z.literal('idle') }),
  z.object({ state: z.literal('connecting'), attempt: z.number() }),
  z.object({ state: z.literal('signing-in') }),
  z.object({ state: z.literal('online'), since: z.number() }),
  z.object({ state: z.literal('waiting-to-reconnect'), until: z.number(), attempt: z.number(), problem }),
  z.object({ state: z.literal('signed-out'), reason: z.enum(SIGNED_OUT_REASONS), retryAfterMs: z.number().optional() }),
  /** The server's certificate is not the pinned one; no data is sent until the user accepts it (G1). */
  z.object({
    state: z.literal('untrusted'),
    expected: z.string(),
    presented: z.string(),
    /** The stored pin is damaged, so the certificates cannot be compared. */
    unreadable: z.literal(true).optional(),
  }),
]);
export type ConnectionState = z.infer<typeof connectionState>;
