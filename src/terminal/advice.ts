import type { Failure } from '../shared/client-api/failure.ts';
import type { TerminalOptions } from './options.ts';

const ACCEPT = '\nIf it is right, start again with --accept-certificate and the presented fingerprint.';
const ADVICE: Readonly<Record<string, string>> = {
  'wrong-credentials': ' If you have no account yet, --register makes one.',
  'already-online': ' With --take-over this program does.',
  'certificate-changed': ACCEPT,
  'certificate-unreadable': ACCEPT,
};

/** What to do about a failed sign-in where nobody can be asked; follows the sentence of the failure. */
export function adviceFor(failure: Failure, options: Pick<TerminalOptions, 'plaintext'>): string {
  if (failure.reason === 'cannot-connect') return plaintextAdvice(options);
  return ADVICE[failure.reason] ?? '';
}

/** A server with TLS cannot tell a client without why it does not understand it. */
export function plaintextAdvice({ plaintext }: Pick<TerminalOptions, 'plaintext'>): string {
  return plaintext ? ' If the server was started without --plaintext, leave it out here too.' : '';
}
