import { X509Certificate } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Dialer, DialTarget, Link, LinkEnd, LinkEnds, LinkHandler, Pin } from '../core/ports.ts';
import type { Problem, ProblemKind } from '../shared/client-api/connection-state.ts';
import { STORAGE_LIMITS } from '../shared/limits.ts';

const ALPN = 'aside/1';

/** Dials servers over TCP, with TLS 1.3 unless the target says plaintext. */
export const nodeDialer: Dialer = {
  dial(target, handler) {
    return target.security.kind === 'plaintext'
      ? new SocketLink(connectTcp({ host: target.host, port: target.port }), 'connect', handler)
      : dialTls(target, target.security.pin, handler);
  },
};

/**
 * Dials a server whose certificate must be exactly the pinned one. Verification is never switched off: without a pin, or
 * with a damaged one, no certificate authority is trusted, so Node refuses every server; the certificate is recorded
 * before that.
 */
function dialTls({ host, port }: DialTarget, pin: Pin | undefined, handler: LinkHandler): Link {
  let presented: Pin | undefined;
  const known = pin === undefined ? undefined : pemOf(pin);
  const options: ConnectionOptions = {
    host,
    port,
    minVersion: 'TLSv1.3',
    ALPNProtocols: [ALPN],
    rejectUnauthorized: true,
    ca: known === undefined ? [] : [known],
    // Trust a pinned certificate that a certificate authority has signed without trusting its issuer.
    allowPartialTrustChain: true,
    // The name in the certificate does not matter: the certificate is the pinned one or refused. Compare the one recorded
    // by `secure`, because Node 20 passes an empty certificate to this function.
    checkServerIdentity: () =>
      known !== undefined && presented?.fingerprint === pin?.fingerprint
        ? undefined
        : new Error('another certificate than the pinned one'),
  };
  const socket = connectTls(options);
  socket.prependListener('secure', () => {
    // A server of another protocol must not be pinned.
    if (socket.alpnProtocol === ALPN) presented = presentedBy(socket);
  });
  return new SocketLink(socket, 'secureConnect', handler, (problem) => {
    if (presented === undefined) return { kind: 'problem', problem };
    if (pin === undefined) return { kind: 'certificate-unknown', presented };
    if (known === undefined) return { kind: 'certificate-changed', expected: pin, presented, unreadable: true };
    if (presented.fingerprint !== pin.fingerprint) return { kind: 'certificate-changed', expected: pin, presented };
    return { kind: 'problem', problem };
  });
}

function presentedBy(socket: TLSSocket): Pin | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  return { fingerprint: certificate.fingerprint256, certificate: certificate.raw.toString('base64') };
}

/** @returns undefined if the stored pin is damaged: no server is trusted by it */
function pemOf({ certificate, fingerprint }: Pin): string | undefined {
  try {
    const known = new X509Certificate(Buffer.from(certificate, 'base64'));
    return known.fingerprint256 === fingerprint ? known.toString() : undefined;
  } catch {
    return undefined;
  }
}

/** A socket as a link. */
class SocketLink implements Link {
  #error: Error | undefined;
  #opened = false;
  #closing = false;
  #corked = false;

  /**
   * @param ready event after which the socket can be used
   * @param explain maps the failure of a link that never opened to its end
   */
  constructor(
    private readonly socket: Socket,
    ready: 'connect' | 'secureConnect',
    handler: LinkHandler,
    explain: (problem: Problem) => LinkEnd = (problem) => ({ kind: 'problem', problem }),
  ) {
    socket.setNoDelay(true);
    socket.once(ready, () => {
      if ('alpnProtocol' in socket && socket.alpnProtocol !== ALPN) {
        socket.destroy(new Error(`the server does not speak ${ALPN}`));
        return;
      }
      this.#opened = true;
      handler.opened();
    });
    socket.on('data', (chunk) => handler.bytes(chunk));
    socket.on('error', (error) => {
      this.#error = error;
    });
    socket.once('close', () => {
      const problem = connectionProblem(this.#error, this.#opened);
      handler.closed(this.#opened ? { kind: 'problem', problem } : explain(problem));
    });
  }

  get unsentBytes(): number {
    return this.socket.writableLength;
  }

  get ends(): LinkEnds | undefined {
    const { localPort, remoteAddress } = this.socket;
    return localPort === undefined || remoteAddress === undefined ? undefined : { localPort, remoteAddress };
  }

  send(text: string): void {
    if (this.#closing || !this.socket.writable) return;
    if (!this.#corked) {
      this.#corked = true;
      this.socket.cork();
      setImmediate(() => {
        this.#corked = false;
        this.socket.uncork();
      });
    }
    this.socket.write(text);
  }

  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.socket.end();
    const timer = setTimeout(() => this.socket.destroy(), STORAGE_LIMITS.drainMs);
    this.socket.once('close', () => clearTimeout(timer));
  }

  destroy(): void {
    this.#closing = true;
    this.socket.destroy();
  }
}

const PROBLEM_OF_CODE: Readonly<Record<string, ProblemKind>> = {
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ENETDOWN: 'unreachable',
  ETIMEDOUT: 'not-answering',
  ECONNRESET: 'lost',
  EPIPE: 'lost',
  // OpenSSL's errors if the answer is not TLS, or if the server closes instead of a handshake.
  ERR_SSL_WRONG_VERSION_NUMBER: 'not-encrypted',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'not-encrypted',
  ERR_SSL_UNEXPECTED_MESSAGE: 'not-encrypted',
};

function connectionProblem(error: Error | undefined, opened: boolean): Problem {
  if (error === undefined) return { kind: 'lost' };
  // If a name has several addresses, report the first failure.
  const first = error instanceof AggregateError ? (error.errors as unknown[])[0] : error;
  const code = first instanceof Error && 'code' in first && typeof first.code === 'string' ? first.code : '';
  const kind =
    PROBLEM_OF_CODE[code] ??
    (opened ? 'lost' : code.startsWith('E') && !code.startsWith('ERR_') ? 'unreachable' : 'not-aside');
  return code === '' ? { kind } : { kind, detail: code };
}
