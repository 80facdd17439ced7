import { LIMITS, PRIVATE_LIMITS } from '../../../shared/limits.ts';
import { Framer } from '../../../shared/protocol/framer.ts';
import type { Clock, Timer } from '../../ports.ts';
import { equalInConstantTime, fromBase64, toBase64 } from '../bytes.ts';
import type { PeerRole } from '../signaling/introduction.ts';
import {
  type ByeReason,
  decodePeerLine,
  encodePeerLine,
  type PeerLine,
  type PeerMethod,
  type PeerParams,
} from './peer-protocol.ts';
import { FloodGuard } from './flood-guard.ts';
import type { PeerLink } from '../private-ports.ts';
import type { PrivatePath } from '../../../shared/client-api/private-view.ts';

/** The expected first lines of both sides. */
export interface PeerHello {
  readonly sid: string;
  /** Own role; the initiator chooses one of the connections. */
  readonly role: PeerRole;
  /** Proof in the own first line, for the exporter of this connection. */
  ownProof(exporter: Uint8Array): Uint8Array;
  peerProof(exporter: Uint8Array): Uint8Array;
}

/** Cause of a connection's end. `lost`: the network. `bye`: the peer's goodbye. The others: an error of the peer. */
export type PeerConnectionEnd =
  | { readonly kind: 'lost' }
  | { readonly kind: 'bye'; readonly reason: ByeReason }
  | { readonly kind: 'authentication' | 'protocol' | 'too-fast' };

export interface PeerConnectionHandler {
  /** The peer's first line is right. The initiator may choose this connection. */
  proven(): void;
  /** Both sides use this connection: lines may be sent. */
  chosen(): void;
  /** The last call, unless `onClosed` has named another receiver. */
  closed(end: PeerConnectionEnd): void;
}

/** Holds the open connection to a peer, and after its loss the next one. */
export interface PeerConnectionHolder {
  attach(connection: PeerConnection): void;
  detach(): void;
}

/** Receives the lines of a chosen connection. */
export interface PeerLineReceiver {
  /** Never `peer.hello`, `peer.choose`, `peer.ping` or `peer.bye`. */
  line(line: PeerLine): void;
  /** More may be sent again. */
  writable(): void;
}

/**
 * One connection to a peer, from the first line on (private-channel.md, 5 and 6). Until the peer's `peer.hello` is checked, it sends
 * only its own; until the initiator has chosen, only `peer.choose`. It passes on no line before the choice.
 */
export class PeerConnection {
  readonly path: PrivatePath;
  readonly #framer: Framer;
  readonly #floodGuard: FloodGuard;
  #stage: 'hello' | 'proven' | 'open' | 'closed' = 'hello';
  #heardAt: number;
  #sentAt: number;
  #timer: Timer | undefined;
  #paused: Timer | undefined;
  #full = false;
  #receiver: PeerLineReceiver | undefined;
  #closed: (end: PeerConnectionEnd) => void;

  constructor(
    private readonly link: PeerLink,
    private readonly hello: PeerHello,
    private readonly clock: Clock,
    private readonly handler: PeerConnectionHandler,
  ) {
    this.path = link.path;
    this.#closed = (end) => handler.closed(end);
    this.#heardAt = this.#sentAt = clock.now();
    this.#floodGuard = new FloodGuard(this.#heardAt);
    this.#framer = new Framer(PRIVATE_LIMITS.helloBytes, {
      line: (line) => this.#line(line),
      overflow: () => this.#fail(this.#stage === 'hello' ? 'authentication' : 'protocol'),
    });
    // One deadline for the first line and the choice, so that an authenticated peer cannot hold the connection open.
    this.#timer = clock.after(PRIVATE_LIMITS.handshakeMs, () => this.#end({ kind: 'lost' }));
    link.open({
      bytes: (chunk) => this.#bytes(chunk),
      drained: () => this.#drained(),
      closed: () => this.#end({ kind: 'lost' }),
    });
    const proof = toBase64(hello.ownProof(link.exporter));
    link.send(encodePeerLine('peer.hello', { sid: hello.sid, proof }));
  }

  /** Whether more may be sent; `writable` is called when that becomes true again. */
  get canSend(): boolean {
    if (this.#stage !== 'open') return false;
    this.#full = this.link.unsentBytes > PRIVATE_LIMITS.unsentBytes;
    return !this.#full;
  }

  /** Hands the connection over: from now on its lines go to this receiver. */
  handOver(receiver: PeerLineReceiver): void {
    this.#receiver = receiver;
  }

  /** Replaces the receiver of the connection's end. */
  onClosed(closed: (end: PeerConnectionEnd) => void): void {
    this.#closed = closed;
  }

  /** The initiator chooses this connection. Ignored before the peer's first line is checked. */
  choose(): void {
    if (this.#stage !== 'proven' || this.hello.role !== 'initiator') return;
    this.link.send(encodePeerLine('peer.choose', {}));
    this.#opened();
  }

  /** Ignored before the choice and after the end. */
  send<M extends Exclude<PeerMethod, 'peer.hello' | 'peer.choose' | 'peer.bye'>>(
    method: M,
    params: PeerParams<M>,
  ): void {
    if (this.#stage !== 'open') return;
    this.#sentAt = this.clock.now();
    this.link.send(encodePeerLine(method, params));
  }

  /** Ends the connection, with a goodbye if it was chosen. No callback follows. */
  bye(reason: ByeReason): void {
    if (this.#stage === 'closed') return;
    if (this.#stage === 'open') this.link.send(encodePeerLine('peer.bye', { reason }));
    this.#stop();
    this.link.close();
  }

  /** Ends the connection without a goodbye. No callback follows. */
  drop(): void {
    if (this.#stage === 'closed') return;
    this.#stop();
    this.link.destroy();
  }

  #bytes(chunk: Uint8Array): void {
    if (this.#stage === 'closed') return;
    this.#heardAt = this.clock.now();
    this.#framer.push(chunk);
    this.#throttle();
  }

  #line(bytes: Uint8Array): void {
    this.#floodGuard.line(bytes.length);
    const line = decodePeerLine(bytes);
    switch (this.#stage) {
      case 'hello':
        if (line === undefined || line === 'unknown' || !this.#isRightHello(line)) this.#fail('authentication');
        else this.#proven();
        return;
      case 'proven':
        // Until the choice, the responder accepts only `peer.choose` and the initiator no line.
        if (
          this.hello.role === 'responder' &&
          line !== undefined &&
          line !== 'unknown' &&
          line.method === 'peer.choose'
        ) {
          this.#opened();
        } else this.#fail('protocol');
        return;
      case 'open':
        if (line === undefined) this.#fail('protocol');
        else if (line !== 'unknown') this.#openLine(line);
        return;
      case 'closed':
        return;
    }
  }

  #isRightHello(line: PeerLine): boolean {
    if (line.method !== 'peer.hello' || line.params.sid !== this.hello.sid) return false;
    const proof = fromBase64(line.params.proof) ?? new Uint8Array();
    return equalInConstantTime(proof, this.hello.peerProof(this.link.exporter));
  }

  #proven(): void {
    this.#stage = 'proven';
    this.handler.proven();
  }

  #opened(): void {
    this.#stage = 'open';
    this.#framer.limit = LIMITS.lineBytes;
    this.#timer?.cancel();
    this.#schedule();
    this.handler.chosen();
  }

  #openLine(line: PeerLine): void {
    switch (line.method) {
      case 'peer.ping':
        return;
      case 'peer.bye':
        this.#end({ kind: 'bye', reason: line.params.reason });
        return;
      case 'peer.hello':
      case 'peer.choose':
        this.#fail('protocol');
        return;
      case 'peer.message':
      case 'peer.confirm':
      case 'peer.typing':
      case 'peer.keep':
        this.#receiver?.line(line);
        return;
    }
  }

  /** Pauses a peer that sends too much, or ends the connection; memory is bounded by one chunk. */
  #throttle(): void {
    if (this.#stage === 'closed' || this.#paused !== undefined) return;
    const verdict = this.#floodGuard.judge(this.clock.now());
    if (verdict === 'stop') this.#tooFast();
    if (verdict !== 'slow') return;
    this.link.pause();
    this.#paused = this.clock.after(PRIVATE_LIMITS.resumeMs, () => this.#resumeReading());
  }

  #resumeReading(): void {
    this.#paused = undefined;
    this.#heardAt = this.clock.now();
    this.#throttle();
    if (this.#stage !== 'closed' && this.#paused === undefined) this.link.resume();
  }

  #tooFast(): void {
    if (this.#stage === 'open') this.link.send(encodePeerLine('peer.bye', { reason: 'too-fast' }));
    this.#fail('too-fast');
  }

  #fail(kind: 'authentication' | 'protocol' | 'too-fast'): void {
    if (kind === 'protocol' && this.#stage === 'open') {
      this.link.send(encodePeerLine('peer.bye', { reason: 'protocol' }));
    }
    this.#end({ kind }, kind === 'authentication');
  }

  #end(end: PeerConnectionEnd, atOnce = end.kind === 'lost'): void {
    if (this.#stage === 'closed') return;
    this.#stop();
    if (atOnce) this.link.destroy();
    else this.link.close();
    this.#closed(end);
  }

  #stop(): void {
    this.#stage = 'closed';
    this.#timer?.cancel();
    this.#paused?.cancel();
    this.#framer.close();
  }

  #drained(): void {
    if (!this.#full || this.#stage !== 'open') return;
    this.#full = false;
    this.#receiver?.writable();
  }

  /** Pings when idle and drops a silent peer (F6). Compares clock times, because timers stop while the computer sleeps. */
  #schedule(): void {
    this.#timer = this.clock.after(PRIVATE_LIMITS.pingMs / 2, () => {
      const now = this.clock.now();
      if (this.#paused === undefined && now - this.#heardAt >= PRIVATE_LIMITS.silenceMs) {
        this.#end({ kind: 'lost' });
        return;
      }
      if (now < this.#heardAt) this.#heardAt = now;
      if (now - this.#sentAt >= PRIVATE_LIMITS.pingMs || now < this.#sentAt) this.send('peer.ping', {});
      this.#schedule();
    });
  }
}
