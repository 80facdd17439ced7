import { z } from 'zod';

/** Why there is no connection, with the sentence for people. */
export const PROBLEMS = {
  'unknown-host': 'There is no computer with that name.',
  refused: 'Nothing answers at that address. Is the server running, and is the port right?',
  unreachable: 'The server cannot be reached. Check the network.',
  'not-answering': 'The server did not answer in time.',
  'not-aside': 'What answers at that address is not an Aside server, or one that speaks another version.',
  'not-encrypted': 'The server does not speak TLS. One started with --plaintext needs --plaintext here as well.',
  lost: 'The connection was lost.',
  silent: 'Nothing was heard from the server any more.',
  stalled: 'The server stopped taking what was sent.',
  'protocol-error': 'The server sent something that this program does not understand.',
  storage: 'What arrives cannot be saved on this computer. Check that the disk is not full.',
  rejected: 'The server turned the connection away.',
  'server-stopping': 'The server is stopping or starting again.',
  'too-slow': 'The server closed the connection because it was too slow.',
  protocol: 'The server did not understand this program and closed the connection.',
} as const satisfies Record<string, string>;
export type ProblemKind = keyof typeof PROBLEMS;

const problemKind = z.enum(Object.keys(PROBLEMS) as [ProblemKind, ...ProblemKind[]]);
export const problem = z.object({
  kind: problemKind,
  /** More for people, such as the system's own word for it. */
  detail: z.string().optional(),
});
export type Problem = z.infer<typeof problem>;

/** Why nobody is signed in any more; after these the client does not come back by itself. */
export const SIGNED_OUT_REASONS = {
  'by-you': 'You signed out.',
  'timed-out': 'You were signed out because nothing was done for a while.',
  replaced: 'You were signed out because this account signed in somewhere else.',
  locked: 'The account is locked for a while because of failed passwords.',
  'account-deleted': 'The account was deleted.',
  'token-invalid': 'The sign-in from last time is no longer valid. Sign in with the password.',
  'already-online': 'This account is signed in elsewhere.',
} as const satisfies Record<string, string>;
export type SignedOutReason = keyof typeof SIGNED_OUT_REASONS;
const signedOutReason = z.enum(Object.keys(SIGNED_OUT_REASONS) as [SignedOutReason, ...SignedOutReason[]]);

/** Where the client stands with its server: exactly one of these. Times are milliseconds since 1970 UTC. */
export const connectionState = z.discriminatedUnion('state', [
  /** Nothing was asked for yet, or the last attempt to sign in failed and was told. */
  z.object({ state: z.literal('idle') }),
  z.object({ state: z.literal('connecting'), attempt: z.number() }),
  z.object({ state: z.literal('signing-in') }),
  z.object({ state: z.literal('online'), since: z.number() }),
  z.object({ state: z.literal('waiting-to-reconnect'), until: z.number(), attempt: z.number(), problem }),
  z.object({ state: z.literal('signed-out'), reason: signedOutReason, retryAfterMs: z.number().optional() }),
  /** The server's certificate is not the known one; nothing is sent until somebody accepts it (G1). */
  z.object({
    state: z.literal('untrusted'),
    expected: z.string(),
    presented: z.string(),
    /** What is remembered of the known one is damaged: nobody can say whether this is the same. */
    unreadable: z.literal(true).optional(),
  }),
]);
export type ConnectionState = z.infer<typeof connectionState>;
