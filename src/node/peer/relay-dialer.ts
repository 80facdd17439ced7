import { PRIVATE_LIMITS } from '../../shared/limits.ts';
import { X509Certificate } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { DialTarget } from '../../core/ports.ts';

/** ALPN of the blind tunnel. */
const RELAY_PROTOCOL = 'aside-relay/1';
/** Longest line of the server before the tunnel opens. */
const READY_BYTES = 1_024;
const LF = 0x0a;

export interface RelayHandler {
  /** The tunnel is open: every byte is now from or for the peer. */
  ready(stream: Duplex): void;
  failed(): void;
}

/**
 * Connects to the server's blind tunnel (protocol.md, section 12): one line with the token, one line as answer. The server's
 * certificate must be the pinned one; the peers encrypt their bytes between each other in any case.
 * @returns cancels the attempt; no callback follows
 */
export function dialRelay(target: DialTarget, token: string, handler: RelayHandler): () => void {
  const socket = connect(target);
  let settled = false;
  const settle = (call: () => void): void => {
    if (settled) return;
    settled = true;
    clearTimeout(deadline);
    socket.off('data', read);
    call();
  };
  const fail = (): void =>
    settle(() => {
      socket.destroy();
      handler.failed();
    });
  const deadline = setTimeout(fail, PRIVATE_LIMITS.tunnelMs);
  let received: Buffer = Buffer.alloc(0);
  const read = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk]);
    const end = received.indexOf(LF);
    if (end < 0 ? received.length > READY_BYTES : !isReady(received.subarray(0, end))) fail();
    else if (end >= 0) {
      settle(() => {
        socket.pause();
        const rest = received.subarray(end + 1);
        if (rest.length > 0) socket.unshift(rest);
        handler.ready(socket);
      });
    }
  };
  socket.setNoDelay(true);
  socket.on('error', fail);
  socket.on('close', fail);
  socket.once('alpnProtocol' in socket ? 'secureConnect' : 'connect', () => {
    if ('alpnProtocol' in socket && socket.alpnProtocol !== RELAY_PROTOCOL) {
      fail();
      return;
    }
    socket.on('data', read);
    socket.write(`${JSON.stringify({ token })}\n`);
  });
  return () => settle(() => socket.destroy());
}

function connect({ host, port, security }: DialTarget): Socket | TLSSocket {
  if (security.kind === 'plaintext') return connectTcp({ host, port });
  const { pin } = security;
  return connectTls({
    host,
    port,
    minVersion: 'TLSv1.3',
    ALPNProtocols: [RELAY_PROTOCOL],
    // Without a pin no certificate is trusted.
    ca: pin === undefined ? [] : [new X509Certificate(Buffer.from(pin.certificate, 'base64')).toString()],
    allowPartialTrustChain: true,
    rejectUnauthorized: true,
    // The name does not matter: only the pinned certificate is trusted.
    checkServerIdentity: () => undefined,
  });
}

function isReady(line: Uint8Array): boolean {
  try {
    const answer = JSON.parse(Buffer.from(line).toString('utf8')) as unknown;
    return typeof answer === 'object' && answer !== null && 'ready' in answer && answer.ready === true;
  } catch {
    return false;
  }
}
