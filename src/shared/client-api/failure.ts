import { z } from 'zod';
import { REASONS } from '../protocol/reasons.ts';
import { problem } from './connection-state.ts';

/** Refusals that the client makes itself, beside the server's catalogue of reasons. */
export const CLIENT_REASONS = {
  offline: 'There is no connection to the server right now. Try again when it is back.',
  'connection-lost': 'The connection was lost before the server answered. Try again when it is back.',
  'no-answer': 'The server did not answer in time. Try again.',
  'cannot-connect': 'The server could not be reached.',
  'certificate-changed': 'The server shows another certificate than before, so the connection was refused.',
  'certificate-unreadable':
    'What this computer remembers of the server’s certificate is damaged, so the connection was refused.',
  'no-token': 'Nobody has signed in from here yet. Sign in with username and password.',
  'already-trying': 'Signing in is already under way.',
  superseded: 'Another sign-in was started instead.',
  'storage-here':
    'This could not be saved on this computer. Check that the disk is not full and the folder is writable.',
  'outbox-full': 'Too many messages are waiting to be sent. Wait until some of them have gone out.',
  'too-many-waiting': 'Too many commands are waiting for the server. Wait for some of them.',
  'not-waiting': 'There is no such message waiting here; it may already have gone out.',
  'not-here': 'There is no such message here. It may have been deleted already.',
  'still-waiting': 'That message waits to be sent. Cancel it instead, or wait until it has gone out.',
  'already-sent': 'That message is already on its way and cannot be cancelled.',
  'vault-locked': 'What Aside keeps on this computer is locked. Unlock it with your passphrase first.',
  'vault-busy':
    'What Aside keeps on this computer is being encrypted, or made readable again. Wait until that is done.',
  'wrong-passphrase': 'That is not the passphrase.',
  'passphrase-short': 'A passphrase has 8 characters or more.',
  'invalid-command': 'That command is not understood. Check its name and what belongs to it.',
} as const;
export type ClientReason = keyof typeof CLIENT_REASONS;

/** Refusals of the server that the client can make, too. */
type ServersToo = 'too-long' | 'id-conflict';

/** An expected failure: a stable reason for programs, a sentence for people. */
export const failure = z.object({
  /** One of REASONS or CLIENT_REASONS; a newer server may send others. */
  reason: z.string(),
  text: z.string(),
  /** When trying again makes sense, milliseconds from now. */
  retryAfterMs: z.number().optional(),
  attemptsLeft: z.number().optional(),
  /** What keeps from connecting, where that is known; a newer host may know other kinds. */
  problem: problem.optional().catch(undefined),
});
export type Failure = z.infer<typeof failure>;

/** What a command comes to. Expected failures are values; a throw is a bug. */
export type Outcome<T> = { readonly ok: true; readonly result: T } | { readonly ok: false; readonly failure: Failure };

/** The result of a command that has nothing to tell but that it is done. */
export type Done = Record<string, never>;

export function succeeded<T>(result: T): Outcome<T> {
  return { ok: true, result };
}

export function failed(
  reason: ClientReason | ServersToo,
  text?: string,
): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: clientFailure(reason, text) };
}

/** @param text replaces the catalogue's sentence where more is known */
export function clientFailure(reason: ClientReason | ServersToo, text?: string): Failure {
  return { reason, text: text ?? (isServers(reason) ? REASONS[reason].text : CLIENT_REASONS[reason]) };
}

function isServers(reason: ClientReason | ServersToo): reason is ServersToo {
  return reason === 'too-long' || reason === 'id-conflict';
}

/** The sentence for a reason, from either catalogue; undefined for reasons this version does not know. */
export function reasonText(reason: string): string | undefined {
  if (Object.hasOwn(REASONS, reason)) return REASONS[reason as keyof typeof REASONS].text;
  if (Object.hasOwn(CLIENT_REASONS, reason)) return CLIENT_REASONS[reason as ClientReason];
  return undefined;
}
