import type { PrivatePath } from '../../shared/client-api/private-view.ts';
import type { Candidate } from './signaling/candidates.ts';

/** What talking aside needs of cryptography. All of it is quick enough to be done at once. */
export interface PeerCrypto {
  /** SHA-256 (FIPS 180-4). */
  sha256(data: Uint8Array): Uint8Array;
  /** SHA-512 (FIPS 180-4). */
  sha512(data: Uint8Array): Uint8Array;
  /** HMAC with SHA-256 (RFC 2104). */
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** HKDF with SHA-256 (RFC 5869). @param length bytes */
  hkdfSha256(secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array;
  /**
   * Checks an ECDSA signature (P-256, SHA-256, IEEE P1363 form: 64 bytes).
   * @param identityKey base64 of the SPKI DER
   * @returns false for anything that is not right, a key that is none included
   */
  verify(identityKey: string, data: Uint8Array, signature: Uint8Array): boolean;
}

/** This device's own identity. The private key stays behind this port. */
export interface DeviceIdentity {
  /** base64 of the SPKI DER of the P-256 public key. */
  readonly identityKey: string;
  /** ECDSA with SHA-256, IEEE P1363 form: 64 bytes. */
  sign(data: Uint8Array): Uint8Array;
}

/** A certificate for one session only. The key never leaves memory. */
export interface ThrowAwayCertificate {
  /** DER in base64. */
  readonly certificate: string;
  /** PKCS #8 in PEM. */
  readonly key: string;
}

export interface CertificateMaker {
  /** A new P-256 key and its self-signed certificate. Rejects when the system has no randomness. */
  make(): Promise<ThrowAwayCertificate>;
}

/** Receives what happens to a peer link; never called before `open` has returned. */
export interface PeerLinkHandler {
  /** @param chunk valid only during the call */
  bytes(chunk: Uint8Array): void;
  /** What was given has been taken by the network; more may be sent. */
  drained(): void;
  /** The link is gone, whoever ended it. The last call. */
  closed(): void;
}

/** An authenticated stream of bytes to the peer: TLS 1.3, both certificates proven to be the introduced ones. */
export interface PeerLink {
  readonly path: PrivatePath;
  /** 32 bytes that only the two ends of this very TLS connection know (RFC 8446 §7.5, RFC 5705). */
  readonly exporter: Uint8Array;
  /** What `send` took and the network has not yet taken. */
  readonly unsentBytes: number;
  /** Starts reading. Called once. */
  open(handler: PeerLinkHandler): void;
  send(text: string): void;
  /** Stops reading, so that the peer has to wait. */
  pause(): void;
  resume(): void;
  /** Sends what is left, then ends; destroys the link where that takes too long. */
  close(): void;
  destroy(): void;
}

/** Why an attempt came to nothing. `authentication`: somebody answered who is not the introduced peer. */
export type AttemptFailure = 'unreachable' | 'authentication';

/** What an endpoint proves itself with, and whom it accepts. */
export interface EndpointSecurity {
  /** Of the TLS connection, whoever dials: the initiator is the client [ASIDE-PEER-5-3]. */
  readonly tlsRole: 'client' | 'server';
  readonly own: ThrowAwayCertificate;
  /** The introduced certificate of the peer: DER in base64. Nobody else gets through. */
  readonly peerCertificate: string;
}

/** One thing under way that can be given up. No callback follows. */
export interface Attempt {
  cancel(): void;
}

export interface AttemptHandler {
  /** Connected and authenticated by TLS. The receiver owns the link. */
  connected(link: PeerLink): void;
  failed(failure: AttemptFailure): void;
}

/**
 * All sockets of one round of one session. What comes in and cannot prove itself is closed without a word and told to
 * nobody. Callbacks never come during the call that asked for them.
 */
export interface PeerEndpoint {
  /**
   * Listens on a free port, on all addresses of this machine.
   * @param ready gets the port, or undefined where listening is not possible
   * @param connected gets each peer that proved itself
   */
  listen(ready: (port: number | undefined) => void, connected: (link: PeerLink) => void): void;
  /** @param fromPort the local port to dial from, where that is possible; a hint for getting through a router */
  dial(candidate: Candidate, fromPort: number | undefined, handler: AttemptHandler): Attempt;
  /** Connects to the server's blind tunnel and runs the same TLS session through it. */
  tunnel(token: string, handler: AttemptHandler): Attempt;
  /** Closes the listener and everything that is not handed out yet. Links that were handed out live on. */
  close(): void;
}

/** One address of this machine, as the operating system tells it. */
export interface LocalAddress {
  readonly address: string;
}

export interface PeerTransport {
  localAddresses(): readonly LocalAddress[];
  endpoint(security: EndpointSecurity): PeerEndpoint;
}

/** What is remembered of somebody's device identity. */
export interface IdentityRecord {
  /** base64 of the SPKI DER. */
  readonly identityKey: string;
  /** Somebody compared the safety number and said that it fits (F8). */
  readonly verified: boolean;
  /** Milliseconds since 1970 UTC. */
  readonly since: number;
}

/** Where identities are kept, by the folded username. Throws when the disk fails. */
export interface IdentityStore {
  get(username: string): IdentityRecord | undefined;
  put(username: string, record: IdentityRecord): void;
}
