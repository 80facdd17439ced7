import { PRIVATE_LIMITS } from '../../../shared/limits.ts';
import type { PeerParams } from '../transport/peer-protocol.ts';

/** A message as its sender made it; `at` is by the sender's clock. */
export type PeerMessage = PeerParams<'peer.message'>;

/**
 * Own messages until the peer has confirmed them: in order, at most one window unconfirmed. They outlive the connection:
 * the next one sends the unconfirmed messages again, first and with the same ids. In memory only (F7).
 */
export class OutgoingMessages {
  #waiting: PeerMessage[] = [];
  /** Unconfirmed messages of this connection, in order. */
  #sent: PeerMessage[] = [];
  /** Number of confirmed messages of this connection. */
  #confirmed = 0;

  /** All unconfirmed messages. */
  get unconfirmed(): readonly PeerMessage[] {
    return [...this.#sent, ...this.#waiting];
  }

  /** @returns false if too many messages are waiting */
  add(message: PeerMessage): boolean {
    if (this.#waiting.length >= PRIVATE_LIMITS.messagesWaiting) return false;
    this.#waiting.push(message);
    return true;
  }

  /** A new connection: queues the unconfirmed messages again and restarts the count. */
  restart(): void {
    this.#waiting = [...this.#sent, ...this.#waiting];
    this.#sent = [];
    this.#confirmed = 0;
  }

  /** Takes the next message that may be sent; it counts as sent. */
  next(): PeerMessage | undefined {
    if (this.#sent.length >= PRIVATE_LIMITS.windowMessages) return undefined;
    const message = this.#waiting.shift();
    if (message !== undefined) this.#sent.push(message);
    return message;
  }

  /**
   * The peer confirms the first `through` messages of this connection.
   * @returns the newly confirmed messages, in order; undefined if the peer confirms more than were sent
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
 * Recognises messages that the peer repeats after a reconnect. A peer repeats at most one window, so a bounded number of
 * ids is enough.
 */
export class IncomingMessages {
  #seen = new Set<string>();
  #received = 0;
  #confirmed = 0;

  /** Number of messages of this connection without a confirmation. */
  get unconfirmed(): number {
    return this.#received - this.#confirmed;
  }

  restart(): void {
    this.#received = this.#confirmed = 0;
  }

  /** @returns whether the message is new */
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

  /** @returns the number to confirm: all messages of this connection */
  confirmAll(): number {
    this.#confirmed = this.#received;
    return this.#received;
  }
}
