import type { Failure } from '../../../shared/client-api/failure.ts';
import type { PrivateMessage } from './message-window.ts';
import type { IntroductionFault } from '../signaling/introduction.ts';
import type { PrivateState } from './session-state.ts';

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
  | { readonly name: 'private.warning'; readonly username: string; readonly fault: IntroductionFault };
