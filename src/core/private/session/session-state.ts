import type { OfferPayload, PeerRole } from '../signaling/introduction.ts';
import type { PeerMessage } from './message-window.ts';

/** Receives the changes of one session. */
export interface SessionHandler<Session> {
  changed(session: Session): void;
  message(session: Session, message: PeerMessage): void;
  delivered(session: Session, ids: readonly string[]): void;
  /** The session ended before the peer confirmed these messages. */
  undelivered(session: Session, ids: readonly string[]): void;
  typing(session: Session, typing: boolean): void;
  identityChanged(session: Session, identityKey: string): void;
}

/** The fixed properties of one session. */
export interface SessionFacts {
  readonly sid: string;
  readonly role: PeerRole;
  /** Username of the peer. */
  readonly username: string;
  /** Username of this client, in the server's spelling. */
  readonly ownName: string;
  /** The verified offer; set on the responder's side only. */
  readonly offer?: OfferPayload;
  readonly note?: string;
}
