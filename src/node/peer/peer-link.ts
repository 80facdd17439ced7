import type { TLSSocket } from 'node:tls';
import type { PeerLink, PeerLinkHandler } from '../../core/private/private-ports.ts';
import type { PrivatePath } from '../../shared/client-api/private-view.ts';

const EXPORTER_LABEL = 'EXPORTER-aside-peer';
const EXPORTER_BYTES = 32;
/** Time for a closing link to send its unsent bytes. */
const DRAIN_MS = 2_000;

/** An authenticated TLS connection to a peer. Nothing is read before `open`. */
export class TlsPeerLink implements PeerLink {
  readonly exporter: Uint8Array;
  #handler: PeerLinkHandler | undefined;
  #corked = false;
  #closing = false;
  #drainDeadline: NodeJS.Timeout | undefined;

  /** @param socket with complete handshake and checked certificate; this link owns it from now on */
  constructor(
    private readonly socket: TLSSocket,
    readonly path: PrivatePath,
  ) {
    this.exporter = socket.exportKeyingMaterial(EXPORTER_BYTES, EXPORTER_LABEL, Buffer.alloc(0));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#gone());
  }

  get unsentBytes(): number {
    return this.socket.writableLength;
  }

  open(handler: PeerLinkHandler): void {
    this.#handler = handler;
    if (this.socket.destroyed) {
      setImmediate(() => this.#gone());
      return;
    }
    this.socket.on('drain', () => this.#handler?.drained());
    this.socket.on('end', () => this.socket.destroy());
    this.socket.on('data', (chunk: Buffer) => this.#handler?.bytes(chunk));
  }

  send(text: string): void {
    if (this.#closing || this.socket.destroyed) return;
    if (!this.#corked) {
      // All texts of one turn of the event loop go out in one write.
      this.#corked = true;
      this.socket.cork();
      setImmediate(() => this.#uncork());
    }
    this.socket.write(text);
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#uncork();
    this.socket.end();
    // Unread bytes would keep the socket open, so they are dropped.
    this.#handler = undefined;
    this.socket.resume();
    this.#drainDeadline = setTimeout(() => this.socket.destroy(), DRAIN_MS);
  }

  destroy(): void {
    this.#closing = true;
    this.socket.destroy();
  }

  #uncork(): void {
    if (!this.#corked) return;
    this.#corked = false;
    this.socket.uncork();
  }

  #gone(): void {
    clearTimeout(this.#drainDeadline);
    this.#closing = true;
    const handler = this.#handler;
    this.#handler = undefined;
    handler?.closed();
  }
}
