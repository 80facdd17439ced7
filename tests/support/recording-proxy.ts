import { X509Certificate } from 'node:crypto';
import { connect, createServer, type Server, type TLSSocket } from 'node:tls';
import { sessionCertificates } from '../../src/node/peer/peer-certificate.ts';

/** The decrypted bytes of one connection through the proxy. */
export interface RecordedConnection {
  readonly protocol: string;
  readonly chunks: { readonly from: 'client' | 'server'; readonly bytes: Buffer; readonly at: number }[];
}

/**
 * A proxy between clients and their server. Clients pin its certificate as the server's, and it records the decrypted
 * bytes: all that the server sees.
 */
export class RecordingProxy {
  readonly connections: RecordedConnection[] = [];
  readonly #sockets = new Set<TLSSocket>();
  #server: Server | undefined;
  port = 0;

  /** @param certificate of the server, in PEM */
  async start(serverPort: number, certificate: string): Promise<void> {
    const own = await sessionCertificates.make();
    const cert = new X509Certificate(Buffer.from(own.certificate, 'base64')).toString();
    const server = createServer(
      { key: own.key, cert, minVersion: 'TLSv1.3', ALPNProtocols: ['aside/1', 'aside-relay/1'] },
      (inner) => this.#splice(inner, serverPort, certificate),
    );
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** All bytes of all connections, in both directions. */
  get recorded(): string {
    return this.connections
      .map(({ chunks }) => Buffer.concat(chunks.map(({ bytes }) => bytes)).toString('latin1'))
      .join('\n');
  }

  stop(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #splice(inner: TLSSocket, port: number, certificate: string): void {
    const protocol = inner.alpnProtocol === false ? '' : (inner.alpnProtocol ?? '');
    const connection: RecordedConnection = { protocol, chunks: [] };
    this.connections.push(connection);
    const outer = connect({
      host: '127.0.0.1',
      port,
      ca: certificate,
      ALPNProtocols: [protocol],
      checkServerIdentity: () => undefined,
    });
    const tie = (from: 'client' | 'server', source: TLSSocket, target: TLSSocket): void => {
      this.#sockets.add(source);
      source.on('data', (bytes) => {
        connection.chunks.push({ from, bytes, at: Date.now() });
        target.write(bytes);
      });
      source.on('error', () => undefined);
      source.on('close', () => {
        this.#sockets.delete(source);
        target.destroy();
      });
    };
    tie('client', inner, outer);
    tie('server', outer, inner);
  }
}
