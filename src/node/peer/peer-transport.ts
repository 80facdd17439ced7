import { PRIVATE_LIMITS } from '../../shared/limits.ts';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { DialTarget } from '../../core/ports.ts';
import { parseIpAddress } from '../../shared/ip-address.ts';
import { type Candidate, isLocalNetwork } from '../../core/private/signaling/candidates.ts';
import type {
  Attempt,
  EndpointSecurity,
  AttemptHandler,
  PeerEndpoint,
  PeerLink,
  PeerTransport,
} from '../../core/private/private-ports.ts';
import { TlsPeerLink } from './peer-link.ts';
import { dialRelay } from './relay-dialer.ts';
import { secureStream } from './secure-stream.ts';
import type { PrivatePath } from '../../shared/client-api/private-view.ts';

export interface PeerTransportOptions {
  /** Server that carries tunnels, read at each dial; undefined if there is none. */
  relay(): DialTarget | undefined;
  /** Address to listen on; default: all addresses of this computer. */
  readonly listenHost?: string;
  /** Preferred port to listen on, for instance one that a router forwards. If it is not free: any port. */
  readonly listenPort?: number | undefined;
}

/** Errors of a local port that cannot be used; another port is used then. */
const PORT_TROUBLE = new Set(['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES', 'EINVAL']);

/** Sockets between peers, on Node (F3, F4). */
export function peerTransport(options: PeerTransportOptions): PeerTransport {
  return {
    localAddresses: () =>
      Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => ({ address }))),
    endpoint: (security) => new SocketEndpoint(security, options),
  };
}

/** The sockets of one round; see `PeerEndpoint`. */
class SocketEndpoint implements PeerEndpoint {
  #listener: Server | undefined;
  #closed = false;
  /** Cancels each pending attempt. */
  readonly #underWay = new Set<() => void>();

  constructor(
    private readonly security: EndpointSecurity,
    private readonly options: PeerTransportOptions,
  ) {}

  listen(ready: (port: number | undefined) => void, connected: (link: PeerLink) => void): void {
    const { listenHost, listenPort } = this.options;
    // IPv4 alone if this computer has no IPv6.
    const hosts = listenHost === undefined ? ['::', '0.0.0.0'] : [listenHost];
    const anyPort = hosts.map((host) => ({ host, port: 0 }));
    // Another session may use the preferred port.
    const wanted = listenPort === undefined ? [] : hosts.map((host) => ({ host, port: listenPort }));
    this.#listenOn([...wanted, ...anyPort], ready, connected);
  }

  dial({ address, port }: Candidate, fromPort: number | undefined, handler: AttemptHandler): Attempt {
    let giveUp = (): void => undefined;
    const start = (localPort: number | undefined): void => {
      const socket = connect({ host: address, port, noDelay: true, ...(localPort === undefined ? {} : { localPort }) });
      const failed = (error?: NodeJS.ErrnoException): void => {
        this.#underWay.delete(giveUp);
        socket.destroy();
        if (localPort !== undefined && PORT_TROUBLE.has(error?.code ?? '')) start(undefined);
        else handler.failed('unreachable');
      };
      const settle = (): void => {
        socket.off('error', failed);
        this.#underWay.delete(giveUp);
      };
      socket.once('error', failed);
      socket.once('connect', () => {
        settle();
        giveUp = this.#secure(socket, directPath(address), handler);
      });
      giveUp = () => {
        settle();
        socket.on('error', () => undefined);
        socket.destroy();
      };
      this.#underWay.add(giveUp);
    };
    start(fromPort);
    return { cancel: () => giveUp() };
  }

  tunnel(token: string, handler: AttemptHandler): Attempt {
    const target = this.options.relay();
    if (target === undefined) {
      setImmediate(() => handler.failed('unreachable'));
      return { cancel: () => undefined };
    }
    let giveUp = (): void => undefined;
    const stop = dialRelay(target, token, {
      ready: (stream) => {
        this.#underWay.delete(giveUp);
        giveUp = this.#secure(stream, { kind: 'relayed' }, handler);
      },
      failed: () => {
        this.#underWay.delete(giveUp);
        handler.failed('unreachable');
      },
    });
    giveUp = () => {
      this.#underWay.delete(giveUp);
      stop();
    };
    this.#underWay.add(giveUp);
    return { cancel: () => giveUp() };
  }

  close(): void {
    this.#closed = true;
    this.#listener?.close();
    this.#listener = undefined;
    for (const giveUp of [...this.#underWay]) giveUp();
  }

  #listenOn(
    [place, ...others]: readonly { host: string; port: number }[],
    ready: (port: number | undefined) => void,
    connected: (link: PeerLink) => void,
  ): void {
    const listener = createServer({ noDelay: true }, (socket) => this.#accept(socket, connected));
    this.#listener = listener;
    listener.maxConnections = PRIVATE_LIMITS.handshakesAtOnce;
    listener.once('error', () => {
      if (this.#closed) return;
      if (others.length > 0) this.#listenOn(others, ready, connected);
      else ready(undefined);
    });
    listener.listen(place, () => {
      const bound = listener.address();
      if (!this.#closed) ready(typeof bound === 'object' && bound !== null ? bound.port : undefined);
    });
  }

  /** Closes a connection that fails to authenticate, without an answer or event (F3). */
  #accept(socket: Socket, connected: (link: PeerLink) => void): void {
    this.#secure(socket, directPath(socket.remoteAddress ?? ''), { connected, failed: () => undefined });
  }

  /** @returns cancels the handshake */
  #secure(stream: Duplex, path: PrivatePath, handler: AttemptHandler): () => void {
    const giveUp = (): void => {
      this.#underWay.delete(giveUp);
      stop();
    };
    const stop = secureStream(stream, this.security, {
      secured: (socket: TLSSocket) => {
        this.#underWay.delete(giveUp);
        handler.connected(new TlsPeerLink(socket, path));
      },
      failed: (failure) => {
        this.#underWay.delete(giveUp);
        handler.failed(failure);
      },
    });
    this.#underWay.add(giveUp);
    if (this.#closed) giveUp();
    return giveUp;
  }
}

function directPath(remoteAddress: string): PrivatePath {
  const address = parseIpAddress(remoteAddress)?.text ?? remoteAddress;
  return { kind: isLocalNetwork(address) ? 'direct-lan' : 'direct', address };
}
