import { randomBytes } from 'node:crypto';
import type { PrivatePath } from '../../src/shared/client-api/private-view.ts';
import type { Candidate } from '../../src/core/private/signaling/candidates.ts';
import type {
  Attempt,
  EndpointSecurity,
  AttemptHandler,
  PeerEndpoint,
  PeerLink,
  PeerLinkHandler,
  PeerTransport,
} from '../../src/core/private/private-ports.ts';
import type { Clock } from '../../src/core/ports.ts';

/** One end of a link in memory. Bytes arrive asynchronously, in order. */
export class MemoryLink implements PeerLink {
  other: MemoryLink | undefined;
  readonly sent: string[] = [];
  ended = false;
  paused = false;
  #handler: PeerLinkHandler | undefined;
  #arrived: Uint8Array[] = [];

  constructor(
    readonly path: PrivatePath,
    readonly exporter: Uint8Array,
    private readonly clock: Clock,
  ) {}

  get unsentBytes(): number {
    return this.other?.paused === true ? this.other.#arrived.reduce((sum, chunk) => sum + chunk.length, 0) : 0;
  }

  open(handler: PeerLinkHandler): void {
    this.#handler = handler;
    this.clock.after(0, () => this.#read());
  }

  send(text: string): void {
    if (this.ended) return;
    this.sent.push(text);
    const { other } = this;
    const bytes = new TextEncoder().encode(text);
    this.clock.after(1, () => other?.receive(bytes));
  }

  /** Delivers bytes as if the peer had sent them. */
  receive(bytes: Uint8Array): void {
    if (this.ended) return;
    this.#arrived.push(bytes);
    this.#read();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.#read();
    this.other?.tellDrained();
  }

  tellDrained(): void {
    this.#handler?.drained();
  }

  close(): void {
    const { other } = this;
    this.ended = true;
    this.#handler = undefined;
    this.clock.after(2, () => other?.cut());
  }

  destroy(): void {
    this.close();
  }

  /** Breaks the link; bytes in transit are lost. */
  cut(): void {
    if (this.ended) return;
    this.ended = true;
    const handler = this.#handler;
    this.#handler = undefined;
    handler?.closed();
  }

  #read(): void {
    while (!this.paused && !this.ended && this.#handler !== undefined) {
      const chunk = this.#arrived.shift();
      if (chunk === undefined) return;
      this.#handler.bytes(chunk);
    }
  }
}

export function linkPair(clock: Clock, path: PrivatePath, otherPath: PrivatePath = path): [MemoryLink, MemoryLink] {
  const exporter = new Uint8Array(randomBytes(32));
  const pair: [MemoryLink, MemoryLink] = [
    new MemoryLink(path, exporter, clock),
    new MemoryLink(otherPath, exporter, clock),
  ];
  [pair[0].other, pair[1].other] = [pair[1], pair[0]];
  return pair;
}

interface Listening {
  readonly security: EndpointSecurity;
  readonly connected: (link: PeerLink) => void;
}

/** A network in memory; tests set which computers reach each other directly. */
export class MemoryNetwork {
  /** Whether direct dials succeed. */
  direct = true;
  tunnels = true;
  /** Every dial, with its source. */
  readonly dials: { readonly from: string; readonly candidate: Candidate; readonly at: number }[] = [];
  /** All links, newest last. */
  readonly links: MemoryLink[] = [];
  /** An impostor: dials reach a third certificate. */
  impostor = false;
  listeners = new Map<number, Listening>();
  #waiting = new Map<string, { security: EndpointSecurity; handler: AttemptHandler }>();
  #port = 20_000;

  constructor(private readonly clock: Clock) {}

  /** @param address of the computer */
  transport(address: string): PeerTransport {
    return {
      localAddresses: () => [{ address }, { address: '127.0.0.1' }],
      endpoint: (security) => this.#endpoint(address, security),
    };
  }

  /** Breaks all open links. */
  cutAll(): void {
    for (const link of this.links.splice(0)) link.cut();
  }

  #endpoint(address: string, security: EndpointSecurity): PeerEndpoint {
    let closed = false;
    let port: number | undefined;
    const guarded = (handler: AttemptHandler): AttemptHandler => ({
      connected: (link) => (closed ? link.destroy() : handler.connected(link)),
      failed: (failure) => closed || handler.failed(failure),
    });
    return {
      listen: (ready, connected) => {
        const listening = this.#port++;
        port = listening;
        this.listeners.set(listening, { security, connected });
        this.clock.after(1, () => closed || ready(listening));
      },
      dial: (candidate, _fromPort, handler) => this.#dial(address, candidate, security, guarded(handler)),
      tunnel: (token, handler) => this.#tunnel(token, security, guarded(handler)),
      close: () => {
        closed = true;
        if (port !== undefined) this.listeners.delete(port);
      },
    };
  }

  #dial(from: string, candidate: Candidate, security: EndpointSecurity, handler: AttemptHandler): Attempt {
    this.dials.push({ from, candidate, at: this.clock.now() });
    const timer = this.clock.after(5, () => {
      const there = this.listeners.get(candidate.port);
      if (!this.direct || there === undefined) handler.failed('unreachable');
      else if (this.impostor || !fits(security, there.security)) handler.failed('authentication');
      else {
        const [near, far] = this.#pair(
          { kind: 'direct-lan', address: candidate.address },
          { kind: 'direct-lan', address: from },
        );
        handler.connected(near);
        there.connected(far);
      }
    });
    return { cancel: () => timer.cancel() };
  }

  #tunnel(token: string, security: EndpointSecurity, handler: AttemptHandler): Attempt {
    const timer = this.clock.after(5, () => {
      const sid = token.split('/')[0] ?? '';
      const other = this.#waiting.get(sid);
      if (!this.tunnels) handler.failed('unreachable');
      else if (other === undefined) this.#waiting.set(sid, { security, handler });
      else {
        this.#waiting.delete(sid);
        if (this.impostor || !fits(security, other.security)) {
          handler.failed('authentication');
          other.handler.failed('authentication');
          return;
        }
        const [near, far] = this.#pair({ kind: 'relayed' });
        handler.connected(near);
        other.handler.connected(far);
      }
    });
    return { cancel: () => timer.cancel() };
  }

  #pair(path: PrivatePath, otherPath?: PrivatePath): [MemoryLink, MemoryLink] {
    const pair = linkPair(this.clock, path, otherPath);
    this.links.push(...pair);
    return pair;
  }
}

function fits(one: EndpointSecurity, other: EndpointSecurity): boolean {
  return (
    one.tlsRole !== other.tlsRole &&
    one.peerCertificate === other.own.certificate &&
    other.peerCertificate === one.own.certificate
  );
}
