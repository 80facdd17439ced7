import { CLIENT_LIMITS, LIMITS, PRIVATE_LIMITS } from '../../../shared/limits.ts';
import type { Clock, Timer } from '../../ports.ts';
import type { PeerConnection, PeerConnectionHolder, PeerLineReceiver } from '../transport/peer-connection.ts';
import { IncomingMessages, OutgoingMessages, type PeerMessage } from './message-window.ts';
import type { PeerLine } from '../transport/peer-protocol.ts';
import { TokenBucket } from '../../../shared/token-bucket.ts';
import { lineWeight } from '../transport/flood-guard.ts';

export interface MessageExchangeHandler {
  /** A new message of the peer; confirmed after the call. */
  message(message: PeerMessage): void;
  /** The peer has confirmed these messages. */
  delivered(ids: readonly string[]): void;
  typing(typing: boolean): void;
  /** The peer asks to save the session, or no longer asks. */
  peerKeepChanged(keep: boolean): void;
  /** The peer confirmed messages that were never sent. */
  protocolError(): void;
}

/**
 * Exchanges the messages of one session over successive connections: own messages wait for a path and are sent again
 * until confirmed, the peer's are shown once and in order (F5). In memory only, until the session ends (F7).
 */
export class MessageExchange implements PeerConnectionHolder, PeerLineReceiver {
  readonly #outgoing = new OutgoingMessages();
  readonly #incoming = new IncomingMessages();
  readonly #sendRate: TokenBucket;
  #connection: PeerConnection | undefined;
  #ownKeep = false;
  #confirming: Timer | undefined;
  #pumping: Timer | undefined;
  /** Set while the peer is typing; ends that if no further line arrives. */
  #peerTyping: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly handler: MessageExchangeHandler,
  ) {
    this.#sendRate = new TokenBucket(PRIVATE_LIMITS.ownLinesPerSecond, PRIVATE_LIMITS.ownLineBurst, clock.now());
  }

  /** Ids of own messages without a confirmation. */
  get unconfirmed(): string[] {
    return this.#outgoing.unconfirmed.map(({ id }) => id);
  }

  /** Uses a new connection; messages that the last one did not confirm are first. */
  attach(connection: PeerConnection): void {
    this.detach();
    this.#connection = connection;
    connection.handOver(this);
    this.#outgoing.restart();
    this.#incoming.restart();
    if (this.#ownKeep) connection.send('peer.keep', { keep: true });
    this.#pump();
  }

  /** The connection has ended. */
  detach(): void {
    this.#connection = undefined;
    this.#confirming?.cancel();
    this.#pumping?.cancel();
    this.#confirming = this.#pumping = undefined;
    if (this.#peerTyping !== undefined) this.#typing(false);
  }

  /** @returns false if too many messages are waiting already */
  say(message: PeerMessage): boolean {
    if (!this.#outgoing.add(message)) return false;
    this.#pump();
    return true;
  }

  /** Dropped without a connection: typing is outdated on the next one. */
  setTyping(typing: boolean): void {
    this.#connection?.send('peer.typing', { typing });
  }

  setKeep(keep: boolean): void {
    this.#ownKeep = keep;
    this.#connection?.send('peer.keep', { keep });
  }

  line(line: PeerLine): void {
    switch (line.method) {
      case 'peer.message':
        this.#notTyping();
        if (this.#incoming.receive(line.params.id)) this.handler.message(line.params);
        this.#confirmSoon();
        return;
      case 'peer.confirm': {
        const confirmed = this.#outgoing.confirm(line.params.through);
        if (confirmed === undefined) this.handler.protocolError();
        else {
          if (confirmed.length > 0) this.handler.delivered(confirmed.map(({ id }) => id));
          this.#pump();
        }
        return;
      }
      case 'peer.typing':
        this.#typing(line.params.typing);
        return;
      case 'peer.keep':
        this.handler.peerKeepChanged(line.params.keep);
        return;
      case 'peer.hello':
      case 'peer.choose':
      case 'peer.ping':
      case 'peer.bye':
        // PeerConnection handles these itself.
        return;
    }
  }

  writable(): void {
    this.#pump();
  }

  /** Expires without a repeated line, in case the peer is lost while typing. */
  #typing(typing: boolean): void {
    this.#notTyping();
    if (typing) this.#peerTyping = this.clock.after(CLIENT_LIMITS.typingMs, () => this.#typing(false));
    this.handler.typing(typing);
  }

  #notTyping(): void {
    this.#peerTyping?.cancel();
    this.#peerTyping = undefined;
  }

  /** Sends messages within the window, the rate limit and the capacity of the network. */
  #pump(): void {
    if (this.#pumping !== undefined) return;
    while (this.#connection?.canSend === true) {
      const wait = this.#sendRate.debtMs(this.clock.now());
      if (wait > 0) {
        this.#pumping = this.clock.after(wait, () => {
          this.#pumping = undefined;
          this.#pump();
        });
        return;
      }
      const message = this.#outgoing.next();
      if (message === undefined) return;
      this.#sendRate.spend(lineWeight(message.text.length * 3));
      this.#connection.send('peer.message', message);
    }
  }

  /** Confirms cumulatively, at the latest 50 ms or 64 messages after, as the inbox does [ASIDE-PEER-6-2]. */
  #confirmSoon(): void {
    if (this.#incoming.unconfirmed >= LIMITS.confirmBatch) this.#confirm();
    else this.#confirming ??= this.clock.after(LIMITS.confirmDelayMs, () => this.#confirm());
  }

  #confirm(): void {
    this.#confirming?.cancel();
    this.#confirming = undefined;
    this.#connection?.send('peer.confirm', { through: this.#incoming.confirmAll() });
  }
}
