import type { Outcome } from '../../shared/client-api/failure.ts';
import type { ClientParams, RequestMethod, Result } from '../../shared/protocol/messages.ts';
import type { Clock, Random } from '../ports.ts';
import type { ObservedAddress } from './signaling/candidates.ts';
import type { TrustStore } from './identity/trust-store.ts';
import type { CertificateMaker, IdentitySigner, PeerCrypto, PeerTransport } from './private-ports.ts';

export type PrivateRequestMethod = Extract<RequestMethod, `private.${string}`>;

/** The current connection to the server, as private sessions need it. */
export interface ServerStatus {
  /** Username of this client, in the server's spelling. */
  readonly username: string;
  /** The server runs on this computer. */
  readonly onLoopback: boolean;
  /** Local port of the connection to the server, if known: a router may let a peer through to it. */
  readonly localPort: number | undefined;
  /** The server's idle time-out; 0: none (B5). */
  readonly timeoutSeconds: number;
}

/** Every dependency of private sessions. */
export interface PrivateContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: PeerCrypto;
  readonly identity: IdentitySigner;
  readonly certificates: CertificateMaker;
  readonly transport: PeerTransport;
  readonly trustStore: TrustStore;
  /** Sends a request to the server; fails with `offline` without a connection. Never rejects. */
  request<M extends PrivateRequestMethod>(method: M, params: ClientParams<M>): Promise<Outcome<Result<M>>>;
  serverStatus(): ServerStatus;
  /** Whether this user must not learn an address of this computer (F2). */
  neverRevealAddress(username: string): boolean;
  /** Configured address that a router forwards to this computer. */
  publicAddress(): ObservedAddress | undefined;
  /** The user was active; called at most once in each third of the server's time-out (B5). */
  activity(): void;
}
