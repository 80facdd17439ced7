import { PRIVATE_LIMITS } from '../../../shared/limits.ts';
import type { PeerParams } from '../transport/peer-protocol.ts';

/** A message of one session, as its sender made it. Milliseconds since 1970 UTC are the sender's clock. */
export type PeerMessage = PeerParams<'peer.message'>;

/**
 * One's own messages until the peer has confirmed them: in order, at most a window of them on the way. They outlive the
 * connection: on the next one, what was not confirmed goes again, first and with the same ids. In memory only (F7).
 */
export class OutgoingMessages {
  #waiting: PeerMessage[] = [];
  /** Sent on this connection, in order, and not yet confirmed. */
  #sent: PeerMessage[] = [];
  /** Messages of this connection that are confirmed. */
  #confirmed = 0;

  /** Messages that are not confirmed yet. */
  get unconfirmed(): readonly PeerMessage[] {
    return [...this.#sent, ...this.#waiting];
  }

  /** @returns false where too many are waiting */
  add(message: PeerMessage): boolean {
    if (this.#waiting.length >= PRIVATE_LIMITS.messagesWaiting) return false;
    this.#waiting.push(message);
    return true;
  }

  /** A new connection: everything that was not confirmed is to be sent again, and counting starts anew. */
  restart(): void {
    this.#waiting = [...this.#sent, ...this.#waiting];
    this.#sent = [];
    this.#confirmed = 0;
  }

  /** The next one that may leave; it counts as sent. */
  next(): PeerMessage | undefined {
    if (this.#sent.length >= PRIVATE_LIMITS.windowMessages) return undefined;
    const message = this.#waiting.shift();
    if (message !== undefined) this.#sent.push(message);
    return message;
  }

  /**
   * The peer has the first `through` messages of this connection.
   * @returns those that are newly confirmed, in order; undefined where the peer confirms what was never sent
   */
  confirm(through: number): PeerMessage[] | undefined {
    const fresh = through - this.#confirmed;
    if (fresh > this.#sent.length) return undefined;
    if (fresh <= 0) return [];
    this.#confirmed = through;
    return this.#sent.splice(0, fresh);
  }
}

/**
 * The peer's messages: recognises those that come again after a change of path. A sender repeats at most a window, so
 * that remembering some more ids than that is enough.
 */
export class IncomingMessages {
  #seen = new Set<string>();
  #received = 0;
  #confirmed = 0;

  /** Messages of this connection that came and are not confirmed yet. */
  get unconfirmed(): number {
    return this.#received - this.#confirmed;
  }

  restart(): void {
    this.#received = this.#confirmed = 0;
  }

  /** @returns whether it is new, and so to be shown */
  receive(id: string): boolean {
    this.#received++;
    const key = id.toLowerCase();
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    for (const oldest of this.#seen) {
      if (this.#seen.size <= PRIVATE_LIMITS.idsRemembered) break;
      this.#seen.delete(oldest);
    }
    return true;
  }

  /** @returns what to confirm: how many messages of this connection came */
  confirmAll(): number {
    this.#confirmed = this.#received;
    return this.#received;
  }
}
