/** One accepted connection, as lines. Made by the listener (or by a test from a pair of in-memory streams). */
export interface Connection {
  /** Address of the other side, without port; what per-address limits count. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Bytes accepted by `send` that have not yet left for the network. */
  readonly unsentBytes: number;
  /**
   * Queues a line, LF included. What is queued in one turn of the event loop leaves in one write.
   * Does nothing once the connection is closing.
   */
  send(line: string): void;
  /** Longest line accepted from now on, in bytes. */
  setLineLimit(bytes: number): void;
  /** Tells that somebody signed in here: from now on the connection no longer counts as a stranger's (I3). */
  signedIn(): void;
  /**
   * Reads nothing more, sends what is queued, then ends. Where the other side does not take it within the drain
   * timeout, the connection is destroyed.
   */
  close(): void;
}

/** Who receives what a connection reads. Called by the transport, never after `closed`. */
export interface ConnectionHandler {
  /** @param line bytes of one line without LF, valid only during the call */
  line(line: Uint8Array): void;
  /** The other side sent a line over the limit; nothing more is read. */
  overflow(): void;
  /** The connection is gone, whoever ended it. The last call. */
  closed(): void;
}

/** Takes a new connection; the handler it returns gets everything from the first byte on. */
export type AcceptConnection = (connection: Connection) => ConnectionHandler;
