/** One accepted connection that sends and receives lines. The listener makes it, or a test from in-memory streams. */
export interface Connection {
  /** Address of the client without port; limits per address count it. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Bytes accepted by `send` and not yet handed to the network. */
  readonly unsentBytes: number;
  /** All bytes that were handed to the network. */
  readonly sentBytes: number;
  /**
   * Queues a line, LF included. The lines of one turn of the event loop leave in one write.
   * Does nothing if the connection is closing.
   */
  send(line: string): void;
  /** Sets the longest accepted line, in bytes. */
  setLineLimit(bytes: number): void;
  /** Reports a sign-in: the connection no longer counts as unauthenticated (I3). */
  signedIn(): void;
  /**
   * Stops reading, sends queued lines, then ends. If the client does not accept them within the drain timeout, the
   * connection is destroyed.
   */
  close(): void;
}

/** Receives the lines of a connection. Called by the transport, never after `closed`. */
export interface ConnectionHandler {
  /** @param line bytes of one line without LF, valid only during the call */
  line(line: Uint8Array): void;
  /** The client sent a line over the limit; nothing more is read. */
  overflow(): void;
  /** The network has taken all queued bytes, after a time in which it did not. */
  drained(): void;
  /** The connection has closed, ended by either side. The last call. */
  closed(): void;
}

/** Accepts a new connection; the returned handler gets everything from the first byte on. */
export type AcceptConnection = (connection: Connection) => ConnectionHandler;
