import { CLIENT_LIMITS, LIMITS, PRIVATE_LIMITS } from '../../../shared/limits.ts';
import type { Clock, Timer } from '../../ports.ts';
import type { PeerConnection, PeerConnectionUser, PeerLineReceiver } from '../transport/peer-connection.ts';
import { IncomingMessages, OutgoingMessages, type PeerMessage } from './message-window.ts';
import type { PeerLine } from '../transport/peer-protocol.ts';
import { TokenBucket } from '../../../shared/token-bucket.ts';
import { lineWeight } from '../transport/flood-guard.ts';

export interface MessageExchangeHandler {
  /** A new message of the peer. It is confirmed when this has returned. */
  message(message: PeerMessage): void;
  /** The peer has these now. */
  delivered(ids: readonly string[]): void;
  typing(typing: boolean): void;
  /** The peer wants this session kept, or no longer. */
  peerKeepChanged(keep: boolean): void;
  /** The peer confirmed what was never sent. */
  protocolError(): void;
}

/**
 * What is said in one session, over one connection after the other: own messages wait for a path and go again where they
 * were not confirmed, the peer's are shown once and in order (F5). Held in memory only; gone with the session (F7).
 */
export class MessageExchange implements PeerConnectionUser, PeerLineReceiver {
  readonly #outgoing = new OutgoingMessages();
  readonly #incoming = new IncomingMessages();
  readonly #sendRate: TokenBucket;
  #connection: PeerConnection | undefined;
  #ownKeep = false;
  #confirming: Timer | undefined;
  #pumping: Timer | undefined;
  /** The peer is writing, until this says otherwise. */
  #peerTyping: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly handler: MessageExchangeHandler,
  ) {
    this.#sendRate = new TokenBucket(PRIVATE_LIMITS.ownLinesPerSecond, PRIVATE_LIMITS.ownLineBurst, clock.now());
  }

  /** Ids of one's own messages that the peer has not confirmed. */
  get unconfirmed(): string[] {
    return this.#outgoing.unconfirmed.map(({ id }) => id);
  }

  /** A connection was chosen; what was not confirmed on the last one goes first. */
  attach(connection: PeerConnection): void {
    this.detach();
    this.#connection = connection;
    connection.handOver(this);
    this.#outgoing.restart();
    this.#incoming.restart();
    if (this.#ownKeep) connection.send('peer.keep', { keep: true });
    this.#pump();
  }

  /** The connection is gone. */
  detach(): void {
    this.#connection = undefined;
    this.#confirming?.cancel();
    this.#pumping?.cancel();
    this.#confirming = this.#pumping = undefined;
    if (this.#peerTyping !== undefined) this.#typing(false);
  }

  /** @returns false where too many messages are waiting already */
  say(message: PeerMessage): boolean {
    if (!this.#outgoing.add(message)) return false;
    this.#pump();
    return true;
  }

  /** Lost where there is no connection: it would be old news on the next one. */
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
        // The connection keeps these to itself.
        return;
    }
  }

  writable(): void {
    this.#pump();
  }

  /** As long as the peer says so: one that is gone in the middle of a word stops writing here, too. */
  #typing(typing: boolean): void {
    this.#notTyping();
    if (typing) this.#peerTyping = this.clock.after(CLIENT_LIMITS.typingMs, () => this.#typing(false));
    this.handler.typing(typing);
  }

  #notTyping(): void {
    this.#peerTyping?.cancel();
    this.#peerTyping = undefined;
  }

  /** Sends what may be sent: within the window, the peer's rate, and what the network takes. */
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

  /** Cumulatively, at the latest 50 ms or 64 messages after, as with ordinary messages (§ peer 6). */
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
