import type { Duplex } from 'node:stream';
import { Framer, type FrameSink } from '../../../src/shared/protocol/framer.ts';
import { CONNECTION_LIMITS, LIMITS } from '../../../src/shared/limits.ts';
import type { AcceptConnection, Connection, ConnectionHandler } from './connection.ts';

/** Parameters of a connection beside its stream. */
export interface SocketConnectionOptions {
  /** As of `plainAddress`. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** A user has signed in on the connection. */
  onSignedIn?(): void;
}

/**
 * One accepted connection over any byte stream. Outgoing lines are collected for one turn of the event loop, over all
 * connections, and leave in one write for each. The stream must allow half-open connections (`allowHalfOpen`), so that
 * an answer can still leave after the client has ended its side.
 */
export class SocketConnection implements Connection, FrameSink {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly #stream: Duplex;
  readonly #onSignedIn: (() => void) | undefined;
  readonly #framer: Framer;
  #handler: ConnectionHandler | undefined;
  #queued = '';
  /** Bytes handed to the stream. */
  #writtenBytes = 0;
  #closing = false;
  #discarded = 0;
  #drainDeadline: NodeJS.Timeout | undefined;

  /** Takes over the stream; no other code may read from or write to it. Calls `accept` before the first read. */
  constructor(stream: Duplex, options: SocketConnectionOptions, accept: AcceptConnection) {
    this.#stream = stream;
    this.remoteAddress = options.remoteAddress;
    this.remotePort = options.remotePort;
    this.#onSignedIn = options.onSignedIn?.bind(options);
    this.#framer = new Framer(LIMITS.lineBytesBeforeSignIn, this);
    stream.on('error', () => this.destroy());
    stream.on('close', () => this.#gone());
    this.#handler = accept(this);
    if (stream.destroyed) {
      this.#gone();
      return;
    }
    stream.on('data', (chunk: Buffer) => this.#read(chunk));
    stream.on('end', () => this.#ended());
    stream.on('drain', () => this.#handler?.drained());
  }

  get unsentBytes(): number {
    return this.#queued.length + this.#stream.writableLength;
  }

  get sentBytes(): number {
    return this.#writtenBytes - this.#stream.writableLength;
  }

  send(line: string): void {
    if (this.#closing) return;
    if (this.#queued === '') writeLater(this);
    this.#queued += line;
  }

  setLineLimit(bytes: number): void {
    this.#framer.limit = bytes;
  }

  signedIn(): void {
    this.#onSignedIn?.();
  }

  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#framer.close();
    this.flush();
    this.#stream.end();
    this.#drainDeadline = setTimeout(() => this.#stream.destroy(), CONNECTION_LIMITS.drainMs);
  }

  /** Destroys the connection at once; queued lines are lost. */
  destroy(): void {
    this.#closing = true;
    this.#framer.close();
    this.#queued = '';
    this.#stream.destroy();
  }

  /** Hands queued lines to the stream; called once a turn. */
  flush(): void {
    const queued = this.#queued;
    if (queued === '') return;
    this.#queued = '';
    this.#writtenBytes += Buffer.byteLength(queued);
    this.#stream.write(queued);
  }

  line(line: Uint8Array): void {
    this.#handler?.line(line);
  }

  overflow(): void {
    this.#handler?.overflow();
  }

  #read(chunk: Buffer): void {
    if (!this.#framer.closed) {
      this.#framer.push(chunk);
      return;
    }
    // Unread bytes would make the kernel send a reset, and the client could lose the last line. Reads and drops a
    // bounded amount, so that the connection ends properly; a flood waits for the drain deadline.
    this.#discarded += chunk.length;
    if (this.#discarded > CONNECTION_LIMITS.discardBytes) this.#stream.pause();
  }

  /** The client has ended its side. Its lines have been handled; their answers still leave. */
  #ended(): void {
    this.close();
    this.#gone();
  }

  #gone(): void {
    if (this.#stream.destroyed) clearTimeout(this.#drainDeadline);
    this.#closing = true;
    const handler = this.#handler;
    this.#handler = undefined;
    handler?.closed();
  }
}

let waiting: SocketConnection[] = [];

function writeLater(connection: SocketConnection): void {
  if (waiting.push(connection) === 1) setImmediate(writeWaiting);
}

function writeWaiting(): void {
  const connections = waiting;
  waiting = [];
  for (const connection of connections) connection.flush();
}
