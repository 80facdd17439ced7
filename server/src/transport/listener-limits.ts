import { CONNECTION_LIMITS, LIMITS } from '../../../src/shared/limits.ts';

/** Limits of connections (I3). `connections` and `unauthenticated` count all addresses together. */
export interface ListenerLimits {
  readonly connections: number;
  /** Not counted for loopback addresses. */
  readonly connectionsPerAddress: number;
  /** Connections without a sign-in; not counted for loopback addresses. */
  readonly unauthenticated: number;
  readonly unauthenticatedPerAddress: number;
  /** Connections that the operating system holds until they are accepted. */
  readonly backlog: number;
  /** From the accepted connection to the end of its TLS handshake, milliseconds. */
  readonly tlsHandshakeMs: number;
}

export const LISTENER_LIMITS: ListenerLimits = { ...CONNECTION_LIMITS, tlsHandshakeMs: LIMITS.tlsHandshakeMs };
