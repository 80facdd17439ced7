import type { Failure } from '../../../shared/client-api/failure.ts';
import type { PrivateMessage } from './message-window.ts';
import type { IntroductionFault } from '../signaling/introduction.ts';
import type { PrivateState } from './session-state.ts';

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

export type PrivateOutcome<T> =
  | { readonly ok: true; readonly result: T }
  | { readonly ok: false; readonly failure: Failure };

/** One session as user interfaces see it; plain JSON. */
export interface PrivateView {
  readonly sid: string;
  readonly username: string;
  /** Whether we asked. */
  readonly initiator: boolean;
  readonly state: PrivateState;
  readonly keep: { readonly own: boolean; readonly peer: boolean };
}

export interface PrivateMessageView extends PrivateMessage {
  readonly sid: string;
  readonly username: string;
  readonly incoming: boolean;
}

/** Everything that comes out for user interfaces. Ended sessions are told once and then forgotten. */
export type PrivateEvent =
  | { readonly name: 'private.changed'; readonly session: PrivateView }
  /** Own messages as well, when they are taken; `keep` of the session says whether it may be written down (F7). */
  | { readonly name: 'private.message'; readonly message: PrivateMessageView; readonly keep: boolean }
  | {
      readonly name: 'private.delivered' | 'private.undelivered';
      readonly sid: string;
      readonly username: string;
      readonly ids: readonly string[];
    }
  | { readonly name: 'private.typing'; readonly sid: string; readonly username: string; readonly typing: boolean }
  /** Loud: another identity than the known one. It can be accepted by `acceptIdentity`. */
  | { readonly name: 'private.identityChanged'; readonly username: string; readonly identityKey: string }
  /** There is no changed identity of this person to accept any more. */
  | { readonly name: 'private.identitySettled'; readonly username: string }
  /** Loud: something that was not what it claims to be. */
  | {
      readonly name: 'private.warning';
      readonly username: string;
      readonly fault: IntroductionFault;
      readonly text: string;
    };

/** @param reason of `PRIVATE_REASONS`; the sentence is the catalogue's */
export function refused(reason: PrivateReason): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { reason, text: PRIVATE_REASONS[reason] } };
}
