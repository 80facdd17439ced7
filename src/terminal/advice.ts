import type { Failure } from '../shared/client-api/failure.ts';
import { terminalText } from '../shared/text/terminal.ts';
import type { TerminalOptions } from './options.ts';

const { advice } = terminalText;
const ADVICE: Readonly<Record<string, string>> = {
  'wrong-credentials': advice.register,
  'already-online': advice.takeOver,
  'certificate-changed': advice.acceptCertificate,
  'certificate-unreadable': advice.acceptCertificate,
};

/** Advice after a failed sign-in in a pipe; follows the sentence of the failure. */
export function adviceFor(failure: Failure, options: Pick<TerminalOptions, 'plaintext'>): string {
  if (failure.reason === 'cannot-connect') return plaintextAdvice(options);
  return ADVICE[failure.reason] ?? '';
}

/** A server with TLS cannot send a client without TLS the reason why it closes the connection. */
export function plaintextAdvice({ plaintext }: Pick<TerminalOptions, 'plaintext'>): string {
  return plaintext ? advice.plaintext : '';
}
