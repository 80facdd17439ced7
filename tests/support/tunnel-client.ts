import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';

const WAIT_MS = 20_000;

/** Address of the tunnels of a server process or a listener. */
export interface TunnelAddress {
  readonly port: number;
  readonly certificate: string | undefined;
}

/** One side of a blind tunnel: what docs/protocol.md says, and nothing of the product's own client. */
export class TunnelClient {
  /** The bytes that came, the ready line not among them. */
  readonly chunks: Buffer[] = [];
  bytes = 0;
  isReady = false;
  hasEnded = false;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  #rest = Buffer.alloc(0);
  #waiting: (() => void)[] = [];

  constructor(
    readonly socket: TLSSocket,
    private readonly raw: Socket,
  ) {
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('end', () => {
      this.hasEnded = true;
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#wake();
        resolve();
      });
    });
  }

  /**
   * Connects, with the name of the tunnel's protocol, and says nothing yet.
   * @param allowHalfOpen whether to stay when the other side has ended
   */
  static async connect({ port, certificate }: TunnelAddress, allowHalfOpen = false): Promise<TunnelClient> {
    const raw = connectTcp({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen });
    raw.on('error', () => {});
    const socket = connect({
      socket: raw,
      ca: certificate,
      minVersion: 'TLSv1.3',
      checkServerIdentity: () => undefined,
      ALPNProtocols: ['aside-relay/1'],
    });
    const client = new TunnelClient(socket, raw);
    await once(socket, 'secureConnect');
    return client;
  }

  /** Brings a token. @param behind bytes that leave together with it */
  enter(token: string, behind: Buffer = Buffer.alloc(0)): void {
    this.socket.write(Buffer.concat([Buffer.from(`${JSON.stringify({ token })}\n`), behind]));
  }

  /** As a machine that has crashed: the other side gets a reset. */
  reset(): void {
    this.raw.resetAndDestroy();
  }

  get isClosed(): boolean {
    return this.socket.closed;
  }

  /** Waits for the line that says that the other side is there. */
  async ready(): Promise<this> {
    await this.until(() => this.isReady, 'ready');
    return this;
  }

  /** Waits until so many bytes have come. */
  async received(bytes: number): Promise<Buffer> {
    await this.until(() => this.bytes >= bytes, `${bytes} bytes`);
    return Buffer.concat(this.chunks);
  }

  /** Waits until the other side has ended in good order. */
  async ended(): Promise<void> {
    await this.until(() => this.hasEnded, 'the end');
  }

  /** Waits until something holds; looks whenever something has come. */
  async until(holds: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    while (!holds()) {
      if (this.socket.closed) throw new Error(`closed before ${what} came`);
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`${what} did not come within ${WAIT_MS} ms (${this.bytes} bytes did)`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** Hash of all that came. */
  hash(): string {
    const hash = createHash('sha256');
    for (const chunk of this.chunks) hash.update(chunk);
    return hash.digest('hex');
  }

  /** Hands the connection over as a stream, from the byte behind the ready line on. */
  release(): TLSSocket {
    this.socket.removeAllListeners('data');
    this.socket.removeAllListeners('end');
    this.socket.pause();
    for (const chunk of this.chunks.splice(0).reverse()) this.socket.unshift(chunk);
    return this.socket;
  }

  #read(chunk: Buffer): void {
    let bytes = chunk;
    if (!this.isReady) {
      this.#rest = Buffer.concat([this.#rest, chunk]);
      const end = this.#rest.indexOf(0x0a);
      if (end < 0) return;
      const line = this.#rest.subarray(0, end).toString();
      if (JSON.stringify(JSON.parse(line)) !== '{"ready":true}') throw new Error(`not the ready line: ${line}`);
      this.isReady = true;
      bytes = this.#rest.subarray(end + 1);
    }
    if (bytes.length > 0) this.chunks.push(bytes);
    this.bytes += bytes.length;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** Writes bytes in pieces of random size, each when the socket takes it. */
export async function writeInPieces(socket: TLSSocket, bytes: Buffer, largest = 40_000): Promise<void> {
  for (let start = 0; start < bytes.length; ) {
    const size = 1 + Math.floor(Math.random() * largest);
    const piece = bytes.subarray(start, start + size);
    start += size;
    if (!socket.write(piece)) await once(socket, 'drain');
  }
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
