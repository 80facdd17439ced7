import type { Failure } from '../../shared/client-api/failure.ts';

/** Refusals that the client makes itself when talking aside; beside the server's. */
const PRIVATE_REASONS = {
  'no-private-session': 'There is no private session with this person.',
  'not-asked': 'This person is not asking to talk aside.',
  'not-asking': 'You are not asking this person to talk aside.',
  'already-open': 'You are talking aside with this person already, or about to.',
  'already-asking': 'You are asking this person already.',
  'identity-changed':
    'This person uses another device identity than before. Compare the safety number and accept it first.',
  'identity-unknown': 'The device identity of this person is not known yet. Talk aside once, then compare.',
  'too-long': 'The text is too long: at most 8192 bytes in UTF-8.',
  'text-invalid': 'There is nothing in that message that could be sent.',
  'note-too-long': 'The note is too long: at most 280 characters.',
  'too-many-waiting': 'Too many private messages are waiting. Wait until some of them have arrived.',
  'too-many-sessions': 'Too many private sessions. End some of them.',
} as const satisfies Record<string, string>;
type PrivateReason = keyof typeof PRIVATE_REASONS;

/** @param reason of `PRIVATE_REASONS`; the sentence is the catalogue's */
export function refused(reason: PrivateReason): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { reason, text: PRIVATE_REASONS[reason] } };
}
