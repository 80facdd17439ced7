import type { Outcome } from '../../shared/client-api/failure.ts';
import type { ClientParams, RequestMethod, Result } from '../../shared/protocol/messages.ts';
import type { Clock, Random } from '../ports.ts';
import type { ObservedAddress } from './signaling/candidates.ts';
import type { TrustStore } from './identity/trust-store.ts';
import type { CertificateMaker, DeviceIdentity, PeerCrypto, PeerTransport } from './private-ports.ts';

export type PrivateMethod = Extract<RequestMethod, `private.${string}`>;

/** What sessions need to know of the connection to the server, as it is at that moment. */
export interface ServerStatus {
  /** One's own name as the server writes it. */
  readonly username: string;
  /** The server is on this machine. */
  readonly onLoopback: boolean;
  /** Local port of the connection to the server, where known: routers may let peers through to it. */
  readonly localPort: number | undefined;
  /** The server's policy; 0: it signs nobody out (B5). */
  readonly timeoutSeconds: number;
}

/** Everything that private sessions need from outside. */
export interface PrivateContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: PeerCrypto;
  readonly identity: DeviceIdentity;
  readonly certificates: CertificateMaker;
  readonly transport: PeerTransport;
  readonly trustStore: TrustStore;
  /** Asks the server; fails with `offline` where there is no connection. Never rejects. */
  request<M extends PrivateMethod>(method: M, params: ClientParams<M>): Promise<Outcome<Result<M>>>;
  serverStatus(): ServerStatus;
  /** Whether this person is never to learn an address of this machine. */
  neverRevealAddress(username: string): boolean;
  /** An address that is forwarded to this machine, if one is configured. */
  publicAddress(): ObservedAddress | undefined;
  /** The person did something; called at most every third of the server's time-out (B5). */
  activity(): void;
}
