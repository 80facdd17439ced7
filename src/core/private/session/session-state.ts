import type { PrivateMessage } from './message-window.ts';
import type { IdentityTrust } from '../identity/trust-store.ts';
import type { Offer, PeerRole } from '../signaling/introduction.ts';
import type { PeerPath } from '../private-ports.ts';
import type { PrivateEnding } from './session-ending.ts';

/** Where a session stands: exactly one of these. Times are milliseconds since 1970 UTC. */
export type PrivateState =
  /** We asked; waiting for the answer. */
  | { readonly state: 'asking'; readonly expiresAt: number }
  /** We are asked. `trust`: of the identity that asks. */
  | {
      readonly state: 'asked';
      readonly expiresAt: number;
      readonly note: string | undefined;
      readonly trust: IdentityTrust;
    }
  | { readonly state: 'connecting'; readonly because: 'accepted' | 'path-lost' }
  | { readonly state: 'open'; readonly path: PeerPath; readonly trust: IdentityTrust }
  | { readonly state: 'ended'; readonly ending: PrivateEnding };

/** What a session tells the manager. */
export interface SessionHandler<Session> {
  changed(session: Session): void;
  message(session: Session, message: PrivateMessage): void;
  delivered(session: Session, ids: readonly string[]): void;
  /** The session is over, and the peer never confirmed these. */
  undelivered(session: Session, ids: readonly string[]): void;
  typing(session: Session, typing: boolean): void;
  identityChanged(session: Session, identityKey: string): void;
}

export interface SessionFacts {
  readonly sid: string;
  readonly role: PeerRole;
  /** Of the other side. */
  readonly username: string;
  /** One's own, as the server writes it. */
  readonly ownName: string;
  /** Of the answerer, once it is verified and before anything else happens. */
  readonly offer?: Offer;
  readonly note?: string;
}
