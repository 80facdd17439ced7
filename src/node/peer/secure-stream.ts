import { PRIVATE_LIMITS } from '../../shared/limits.ts';
import { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { connect, createServer, type TLSSocket } from 'node:tls';
import type { EndpointSecurity, AttemptFailure } from '../../core/private/private-ports.ts';

/** ALPN of a connection between two clients. */
const PEER_PROTOCOL = 'aside-peer/1';

/** Outcome of one handshake: exactly one call, never synchronous. */
export interface SecureHandler {
  secured(socket: TLSSocket): void;
  /** `authentication`: the other end speaks this protocol but is not the introduced peer. */
  failed(failure: AttemptFailure): void;
}

/** The introduced certificate of the peer, the only trusted one; its fingerprint is compared as well. */
interface Pinned {
  readonly pem: string;
  readonly fingerprint: string;
}

/**
 * TLS 1.3 over any byte stream, with both certificates required and pinned to the introduced ones (F3).
 * @param stream connected; owned by this function, which destroys it on failure
 * @returns cancels the handshake; no callback follows
 */
export function secureStream(stream: Duplex, security: EndpointSecurity, handler: SecureHandler): () => void {
  let settled = false;
  const settle = (call: () => void): void => {
    if (settled) return;
    settled = true;
    clearTimeout(deadline);
    call();
  };
  const fail = (failure: AttemptFailure): void =>
    settle(() => {
      stream.destroy();
      handler.failed(failure);
    });
  const deadline = setTimeout(() => fail('unreachable'), PRIVATE_LIMITS.handshakeMs);
  stream.on('error', () => fail('unreachable'));
  stream.on('close', () => setImmediate(() => fail('unreachable')));
  const start = security.tlsRole === 'client' ? asClient : asServer;
  try {
    start(stream, security, pin(security.peerCertificate), (socket) => settle(() => handler.secured(socket)), fail);
  } catch {
    // The introduced certificate, which the peer has signed, is invalid.
    setImmediate(() => fail('authentication'));
  }
  return () => settle(() => stream.destroy());
}

type Start = (
  stream: Duplex,
  security: EndpointSecurity,
  peer: Pinned,
  secured: (socket: TLSSocket) => void,
  fail: (failure: AttemptFailure) => void,
) => void;

const asClient: Start = (stream, { own }, peer, secured, fail) => {
  const socket = connect({
    socket: stream,
    minVersion: 'TLSv1.3',
    ALPNProtocols: [PEER_PROTOCOL],
    key: own.key,
    cert: toPem(own.certificate),
    ca: [peer.pem],
    rejectUnauthorized: true,
    // Peer certificates have no names: only the introduced certificate is accepted.
    checkServerIdentity: (_name, certificate) =>
      certificate.fingerprint256 === peer.fingerprint ? undefined : new Error('not the introduced certificate'),
  });
  socket.once('secureConnect', () => {
    if (isIntroduced(socket, peer)) secured(socket);
    else fail('unreachable');
  });
  socket.on('error', () => {
    socket.destroy();
    // A server of another protocol is no impostor; an end that speaks this protocol with another certificate is one.
    const impostor = socket.alpnProtocol === PEER_PROTOCOL && Boolean(socket.authorizationError);
    fail(impostor ? 'authentication' : 'unreachable');
  });
};

/** Uses a server object, because a bare TLSSocket in server mode accepts a wrong client certificate. */
const asServer: Start = (stream, { own }, peer, secured, fail) => {
  const server = createServer({
    minVersion: 'TLSv1.3',
    ALPNProtocols: [PEER_PROTOCOL],
    key: own.key,
    cert: toPem(own.certificate),
    ca: [peer.pem],
    requestCert: true,
    rejectUnauthorized: true,
    handshakeTimeout: PRIVATE_LIMITS.handshakeMs,
  });
  server.on('secureConnection', (socket) => {
    if (isIntroduced(socket, peer)) secured(socket);
    else {
      socket.destroy();
      fail('unreachable');
    }
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    const refused = Boolean(socket.authorizationError) || CERTIFICATE_TROUBLE.test(error.code ?? '');
    fail(refused ? 'authentication' : 'unreachable');
  });
  server.emit('connection', stream);
};

/** TLS errors that mean an impostor: no certificate, or this side's certificate refused. */
const CERTIFICATE_TROUBLE = /^ERR_SSL_(PEER_DID_NOT_RETURN_A_CERTIFICATE|.*ALERT.*(CERTIFICATE|UNKNOWN_CA))/;

function isIntroduced(socket: TLSSocket, peer: Pinned): boolean {
  return (
    socket.authorized &&
    socket.alpnProtocol === PEER_PROTOCOL &&
    socket.getPeerX509Certificate()?.fingerprint256 === peer.fingerprint
  );
}

/** @throws if the certificate is invalid */
function pin(certificate: string): Pinned {
  const pem = toPem(certificate);
  return { pem, fingerprint: new X509Certificate(pem).fingerprint256 };
}

/** @param certificate DER in base64 */
function toPem(certificate: string): string {
  const lines = certificate.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
