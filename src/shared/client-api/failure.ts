import { z } from 'zod';
import type { Reason } from '../protocol/reasons.ts';
import { problem } from './connection-state.ts';

/** Reasons of failures in the client itself, in addition to the server's. */
export const CLIENT_REASONS = [
  'connection-lost',
  'no-answer',
  'cannot-connect',
  'certificate-changed',
  'certificate-unreadable',
  'another-server',
  'no-token',
  'already-trying',
  'superseded',
  'storage-here',
  'outbox-full',
  'too-many-waiting',
  'not-waiting',
  'not-here',
  'still-waiting',
  'already-sent',
  'vault-locked',
  'vault-busy',
  'wrong-passphrase',
  'passphrase-short',
  'invalid-command',
  'no-private-session',
  'not-asked',
  'not-asking',
  'identity-changed',
  'identity-unknown',
  'text-invalid',
  'text-blank',
  'note-too-long',
  'too-many-sessions',
  /** Final statuses of a stored message (D2). */
  'expired',
  'withdrawn',
] as const;
export type ClientReason = (typeof CLIENT_REASONS)[number];

/** Special cases of a reason; each has a sentence that replaces the reason's. */
export const FAILURE_DETAILS = [
  /** `offline`: the client is, not the other user. */
  'no-connection',
  /** `blocked`: this user has blocked the other. */
  'blocked-by-you',
  /** `identity-unknown`: no changed identity waits to be accepted. */
  'no-changed-identity',
  /** `too-many-waiting`: private messages, not commands. */
  'private-messages',
  /** `cannot-connect`: no server was chosen yet. */
  'no-server',
  /** `already-trying`: a passphrase, not a sign-in. */
  'passphrase-attempt',
  /** `invalid-command`, all of the following. */
  'not-locked',
  'not-lockable',
  'no-passphrase',
  'protected-by-system',
  'link-scheme',
  'link-not-opened',
  'no-notifications',
  'done-by-page',
  'quit-in-terminal',
  'plaintext-remote',
] as const;
export type FailureDetail = (typeof FAILURE_DETAILS)[number];

/** An expected failure: a stable reason for programs; `failureText` makes the sentence for users. */
export const failure = z.object({
  /** One of REASONS or CLIENT_REASONS; a newer server may send others. */
  reason: z.string(),
  /** A newer host may know others. */
  detail: z.enum(FAILURE_DETAILS).optional().catch(undefined),
  /** The server's sentence for a reason that this version does not know, or the error of a file. */
  message: z.string().optional(),
  /** When trying again makes sense, milliseconds from now. */
  retryAfterMs: z.number().optional(),
  attemptsLeft: z.number().optional(),
  /** Cause of a failed connection, if known; a newer host may know other kinds. */
  problem: problem.optional().catch(undefined),
  /** Fingerprints, if the server's certificate is not the known one; `expected` is absent if that is damaged. */
  certificate: z.object({ expected: z.string().optional(), presented: z.string() }).optional(),
});
export type Failure = z.infer<typeof failure>;

/** The outcome of a command. Expected failures are values; a throw is a bug. */
export type Outcome<T> = { readonly ok: true; readonly result: T } | { readonly ok: false; readonly failure: Failure };

/** The result of a command that returns nothing. */
export type Done = Record<string, never>;

export function succeeded<T>(result: T): Outcome<T> {
  return { ok: true, result };
}

type MoreAboutFailure = Omit<Failure, 'reason'>;

export function failed(
  reason: ClientReason | Reason,
  more?: MoreAboutFailure,
): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: clientFailure(reason, more) };
}

export function clientFailure(reason: ClientReason | Reason, more: MoreAboutFailure = {}): Failure {
  return { reason, ...more };
}
