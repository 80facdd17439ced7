import type { PrivatePath } from '../../shared/client-api/private-view.ts';
import type { Candidate } from './signaling/candidates.ts';

/** Cryptography of private sessions. Synchronous, because each call is short. */
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
   * @returns false for a wrong signature and for an invalid key
   */
  verify(identityKey: string, data: Uint8Array, signature: Uint8Array): boolean;
}

/** Signs with the device identity. The private key stays behind this port. */
export interface IdentitySigner {
  /** base64 of the SPKI DER of the P-256 public key. */
  readonly identityKey: string;
  /** ECDSA with SHA-256, IEEE P1363 form: 64 bytes. */
  sign(data: Uint8Array): Uint8Array;
}

/** A certificate for one session. The key stays in memory. */
export interface SessionCertificate {
  /** DER in base64. */
  readonly certificate: string;
  /** PKCS #8 in PEM. */
  readonly key: string;
}

export interface CertificateMaker {
  /** A new P-256 key and its self-signed certificate. Rejects when the system has no randomness. */
  make(): Promise<SessionCertificate>;
}

/** Receives the events of a peer link; never called before `open` has returned. */
export interface PeerLinkHandler {
  /** @param chunk valid only during the call */
  bytes(chunk: Uint8Array): void;
  /** The network has taken the sent bytes; more may be sent. */
  drained(): void;
  /** The link has ended, from either side. The last call. */
  closed(): void;
}

/** An authenticated byte stream to the peer: TLS 1.3, both certificates are the introduced ones. */
export interface PeerLink {
  readonly path: PrivatePath;
  /** 32 bytes that only the two ends of this TLS connection know (RFC 8446 §7.5, RFC 5705). */
  readonly exporter: Uint8Array;
  /** Bytes that `send` has taken and the network has not. */
  readonly unsentBytes: number;
  /** Starts reading. Called once. */
  open(handler: PeerLinkHandler): void;
  send(text: string): void;
  /** Stops reading, so that TCP slows the peer down. */
  pause(): void;
  resume(): void;
  /** Sends the unsent bytes, then ends; destroys the link if that takes too long. */
  close(): void;
  destroy(): void;
}

/** Why an attempt failed. `authentication`: the other end is not the introduced peer. */
export type AttemptFailure = 'unreachable' | 'authentication';

/** Certificates of both ends of a peer connection. */
export interface EndpointSecurity {
  /** The initiator is the TLS client, whichever side dials [ASIDE-PEER-5-3]. */
  readonly tlsRole: 'client' | 'server';
  readonly own: SessionCertificate;
  /** The introduced certificate of the peer, the only accepted one: DER in base64. */
  readonly peerCertificate: string;
}

/** A pending attempt. No callback follows `cancel`. */
export interface Attempt {
  cancel(): void;
}

export interface AttemptHandler {
  /** Connected and authenticated by TLS. The receiver owns the link. */
  connected(link: PeerLink): void;
  failed(failure: AttemptFailure): void;
}

/**
 * The sockets of one round of one session. An incoming connection without the right certificate is closed without an
 * answer or event. Callbacks are never synchronous.
 */
export interface PeerEndpoint {
  /**
   * Listens on a free port, on all addresses of this computer.
   * @param ready gets the port, or undefined if listening failed
   * @param connected gets each authenticated link
   */
  listen(ready: (port: number | undefined) => void, connected: (link: PeerLink) => void): void;
  /** @param fromPort local port to dial from, if possible; helps to pass a router */
  dial(candidate: Candidate, fromPort: number | undefined, handler: AttemptHandler): Attempt;
  /** Connects to the server's blind tunnel and runs the same TLS session through it. */
  tunnel(token: string, handler: AttemptHandler): Attempt;
  /** Closes the listener and every pending attempt. Links that `connected` received stay open. */
  close(): void;
}

/** One address of this computer, from the operating system. */
export interface LocalAddress {
  readonly address: string;
}

export interface PeerTransport {
  localAddresses(): readonly LocalAddress[];
  endpoint(security: EndpointSecurity): PeerEndpoint;
}

/** The stored device identity of a user. */
export interface KnownIdentity {
  /** base64 of the SPKI DER. */
  readonly identityKey: string;
  /** The user compared the safety number and confirmed it (F8). */
  readonly verified: boolean;
  /** Milliseconds since 1970 UTC. */
  readonly since: number;
}

/** The device identities of one user: the one used last, and others that are known too (F10). */
export interface IdentityRecord extends KnownIdentity {
  /** The most recently used first. */
  readonly others?: readonly KnownIdentity[];
}

/** Storage of identities by folded username. Throws when the disk fails. */
export interface IdentityStore {
  get(username: string): IdentityRecord | undefined;
  put(username: string, record: IdentityRecord): void;
}
