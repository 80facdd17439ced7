/** How many connections the server takes (I3). `connections` and `unauthenticated` count all addresses together. */
export interface ListenerLimits {
  readonly connections: number;
  /** Not counted for loopback addresses. */
  readonly connectionsPerAddress: number;
  /** Connections on which nobody has signed in yet; not counted for loopback addresses. */
  readonly unauthenticated: number;
  readonly unauthenticatedPerAddress: number;
  /** Connections that the operating system may hold until they are accepted. */
  readonly backlog: number;
  /** From the accepted connection to the end of its TLS handshake, milliseconds. */
  readonly tlsHandshakeMs: number;
}

/** Bounds of the server's edge, in one place. Bytes, and milliseconds. */
export const TRANSPORT_LIMITS = {
  connections: 20_000,
  connectionsPerAddress: 1_000,
  unauthenticated: 5_000,
  unauthenticatedPerAddress: 100,
  backlog: 4_096,
  /** Above a limit, but below this many times of it, a connection is told why before it is closed. */
  refusedFactor: 1.2,
  /** When one that was refused may come back. */
  retryAfterMs: 10_000,
  /** How long a closing connection may take to accept what is queued for it. */
  drainMs: 1_000,
  /** What is read and thrown away of a closing connection, so that it can end in good order. */
  discardBytes: 65_536,
} as const;
