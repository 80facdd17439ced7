import { CONNECTION_LIMITS } from '../../../src/shared/limits.ts';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from 'node:tls';
import { encodeRefusal } from '../../../src/shared/text/encode-refusal.ts';
import { plainAddress } from './address.ts';
import type { AcceptConnection, ConnectionHandler } from './connection.ts';
import { ConnectionCounts, type ConnectionLimit, type ConnectionSlot } from './connection-counts.ts';
import { SocketConnection } from './socket-connection.ts';
import type { ListenerLimits } from './listener-limits.ts';

/** Why a connection was not accepted: a limit, a failed or slow TLS handshake, or the operating system. */
export type RefusedKind = ConnectionLimit | 'handshake' | 'accept';

export interface ListenerOptions {
  /** Undefined: all addresses. */
  readonly host: string | undefined;
  /** 0: any free port. */
  readonly port: number;
  /** PEM. Undefined: no TLS. */
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
  readonly limits: ListenerLimits;
  onRefused?(kind: RefusedKind): void;
  /**
   * Takes over a connection for the blind tunnel (ALPN `aside-relay/1`, F4). The stream allows half-open connections,
   * as for `SocketConnection`. Without this function, or without TLS, there are no tunnels.
   * @param onAdmitted to be called when the connection no longer counts as unauthenticated (I3)
   */
  acceptTunnel?(stream: Duplex, onAdmitted: () => void): void;
}

export interface Listener {
  readonly address: string;
  readonly port: number;
  /** Open connections, including those that are being refused. */
  readonly connections: number;
  /** Stops accepting connections; open ones stay. */
  stopAccepting(): void;
  /** Ends every connection, and destroys it after the drain timeout. Resolves when all have closed. */
  close(): Promise<void>;
}

/** ALPN names of the protocols; the server chooses the first if a client offers both. */
const ALPN_CLIENT = 'aside/1';
const ALPN_TUNNEL = 'aside-relay/1';

const REFUSED: ConnectionHandler = { line() {}, overflow() {}, drained() {}, closed() {} };

/** An accepted socket until it becomes a SocketConnection or a tunnel. */
interface AcceptedSocket {
  readonly socket: Socket;
  readonly slot: ConnectionSlot;
  readonly remoteAddress: string;
  readonly refused: boolean;
}

interface HandshakingSocket extends AcceptedSocket {
  readonly deadline: NodeJS.Timeout;
}

/**
 * Listens for clients: TLS 1.3 with ALPN `aside/1` (also the default) or `aside-relay/1`, or plaintext.
 * Rejects with the operating system's error if it cannot listen (`code` EADDRINUSE, EACCES, …).
 */
export async function startListener(options: ListenerOptions, accept: AcceptConnection): Promise<Listener> {
  const listener = new SocketListener(options, accept);
  await listener.listen();
  return listener;
}

class SocketListener implements Listener {
  readonly #counts: ConnectionCounts;
  readonly #server: Server;
  readonly #tls: TlsServer | undefined;
  /** Sockets in their TLS handshake, keyed by address and port of both ends. */
  readonly #handshaking = new Map<string, HandshakingSocket>();
  readonly #connections = new Set<SocketConnection>();
  readonly #tunnels = new Set<Duplex>();
  readonly #sockets = new Set<Socket>();
  address = '';
  port = 0;

  constructor(
    private readonly options: ListenerOptions,
    private readonly accept: AcceptConnection,
  ) {
    this.#counts = new ConnectionCounts(options.limits);
    // A client that ends during the handshake has left. After the handshake, connections may be half-open.
    const allowHalfOpen = options.tls === undefined;
    this.#server = createServer({ allowHalfOpen, noDelay: true }, (socket) => this.#accepted(socket));
    if (options.tls === undefined) return;
    this.#tls = createTlsServer({
      key: options.tls.key,
      cert: options.tls.cert,
      minVersion: 'TLSv1.3',
      ALPNProtocols: options.acceptTunnel === undefined ? [ALPN_CLIENT] : [ALPN_CLIENT, ALPN_TUNNEL],
    });
    this.#tls.on('secureConnection', (socket) => this.#secured(socket));
    this.#tls.on('tlsClientError', (_error, socket) => {
      this.options.onRefused?.('handshake');
      socket.destroy();
    });
  }

  get connections(): number {
    return this.#counts.connections;
  }

  async listen(): Promise<void> {
    const { host, port, limits } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port, backlog: limits.backlog, ...(host === undefined ? {} : { host }) }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#server.on('error', () => this.options.onRefused?.('accept'));
    const bound = this.#server.address() as AddressInfo;
    this.address = bound.address;
    this.port = bound.port;
  }

  stopAccepting(): void {
    this.#server.close();
  }

  async close(): Promise<void> {
    this.#server.close();
    const closed = [...this.#sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const { socket } of this.#handshaking.values()) socket.destroy();
    for (const tunnel of this.#tunnels) tunnel.destroy();
    for (const connection of this.#connections) connection.close();
    await Promise.all(closed);
  }

  #accepted(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    const remoteAddress = socket.remoteAddress === undefined ? undefined : plainAddress(socket.remoteAddress);
    const admission = remoteAddress === undefined ? undefined : this.#counts.admit(remoteAddress);
    // A socket without an address was closed before it was accepted.
    if (remoteAddress === undefined || admission === undefined) {
      socket.destroy();
      return;
    }
    if (admission.kind !== 'accept') this.options.onRefused?.(admission.limit);
    if (admission.kind === 'drop') {
      socket.resetAndDestroy();
      return;
    }
    const { slot } = admission;
    this.#sockets.add(socket);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      slot.leave();
    });
    const accepted = { socket, slot, remoteAddress, refused: admission.kind === 'refuse' };
    if (this.#tls === undefined) this.#open(socket, accepted);
    else this.#shakeHands(this.#tls, accepted);
  }

  #shakeHands(server: TlsServer, accepted: AcceptedSocket): void {
    const { socket } = accepted;
    const endpoints = endpointsOf(socket);
    // A timer of its own, because the timeout of a socket restarts with every byte.
    const deadline = setTimeout(() => socket.destroy(), this.options.limits.tlsHandshakeMs);
    this.#handshaking.set(endpoints, { ...accepted, deadline });
    socket.on('close', () => {
      clearTimeout(deadline);
      if (this.#handshaking.get(endpoints)?.socket === socket) this.#handshaking.delete(endpoints);
    });
    server.emit('connection', socket);
  }

  #secured(socket: TLSSocket): void {
    const endpoints = endpointsOf(socket);
    const accepted = this.#handshaking.get(endpoints);
    this.#handshaking.delete(endpoints);
    if (accepted === undefined) {
      socket.destroy();
      return;
    }
    clearTimeout(accepted.deadline);
    socket.allowHalfOpen = true;
    if (socket.alpnProtocol === ALPN_TUNNEL) this.#openTunnel(socket, accepted);
    else this.#open(socket, accepted);
  }

  #openTunnel(stream: Duplex, { slot, refused }: AcceptedSocket): void {
    // A tunnel has no refusal line; the client learns of the limit on its main connection.
    if (refused) {
      stream.destroy();
      return;
    }
    this.#tunnels.add(stream);
    stream.on('close', () => this.#tunnels.delete(stream));
    this.options.acceptTunnel?.(stream, slot.signedIn);
  }

  #open(stream: Duplex, { socket, remoteAddress, slot, refused }: AcceptedSocket): void {
    const connection = new SocketConnection(
      stream,
      { remoteAddress, remotePort: socket.remotePort ?? 0, onSignedIn: slot.signedIn },
      refused ? refuse : this.accept,
    );
    this.#connections.add(connection);
    stream.on('close', () => this.#connections.delete(connection));
  }
}

const refuse: AcceptConnection = (connection) => {
  connection.send(
    encodeRefusal(null, { reason: 'too-many-connections', retryAfterMs: CONNECTION_LIMITS.retryAfterMs }),
  );
  connection.close();
  return REFUSED;
};

function endpointsOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort} ${socket.localAddress} ${socket.localPort}`;
}
