import { PRIVATE_LIMITS } from '../../shared/limits.ts';
import { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { connect, createServer, type TLSSocket } from 'node:tls';
import type { EndpointSecurity, AttemptFailure } from '../../core/private/private-ports.ts';

/** ALPN of the channel between two clients. */
const PEER_PROTOCOL = 'aside-peer/1';

/** Outcome of one handshake; exactly one of the two is called, and never during the call that started it. */
export interface SecureHandler {
  secured(socket: TLSSocket): void;
  /** `authentication`: somebody speaks this protocol who is not the introduced peer. */
  failed(failure: AttemptFailure): void;
}

/** The peer as introduced: its certificate is the only one that is trusted, and the fingerprint is compared as well. */
interface Pinned {
  readonly pem: string;
  readonly fingerprint: string;
}

/**
 * TLS 1.3 over any stream of bytes, both certificates required and pinned to exactly the introduced ones (F3).
 * @param stream connected; taken over, and destroyed where this fails
 * @returns gives the handshake up; nothing is called then
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
    // The introduced certificate is none; what the peer signed cannot be used.
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
    // Names mean nothing between peers: the certificate is the introduced one, or it is nobody's.
    checkServerIdentity: (_name, certificate) =>
      certificate.fingerprint256 === peer.fingerprint ? undefined : new Error('not the introduced certificate'),
  });
  socket.once('secureConnect', () => {
    if (isIntroduced(socket, peer)) secured(socket);
    else fail('unreachable');
  });
  socket.on('error', () => {
    socket.destroy();
    // A stranger's web server is no impostor; somebody who speaks this protocol with another certificate is one.
    const impostor = socket.alpnProtocol === PEER_PROTOCOL && Boolean(socket.authorizationError);
    fail(impostor ? 'authentication' : 'unreachable');
  });
};

/** A bare TLSSocket in server mode would let a wrong client certificate pass; a server object does not. */
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

/** No certificate at all, or the other side does not accept ours: then somebody is in between. */
const CERTIFICATE_TROUBLE = /^ERR_SSL_(PEER_DID_NOT_RETURN_A_CERTIFICATE|.*ALERT.*(CERTIFICATE|UNKNOWN_CA))/;

function isIntroduced(socket: TLSSocket, peer: Pinned): boolean {
  return (
    socket.authorized &&
    socket.alpnProtocol === PEER_PROTOCOL &&
    socket.getPeerX509Certificate()?.fingerprint256 === peer.fingerprint
  );
}

/** @throws where it is no certificate */
function pin(certificate: string): Pinned {
  const pem = toPem(certificate);
  return { pem, fingerprint: new X509Certificate(pem).fingerprint256 };
}

/** @param certificate DER in base64 */
function toPem(certificate: string): string {
  const lines = certificate.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
