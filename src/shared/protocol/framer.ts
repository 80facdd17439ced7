const LF = 0x0a;

/** Receives the lines of a framer. */
export interface FrameSink {
  /** @param line bytes of one line; valid only during the call */
  line(line: Uint8Array): void;
  /** A line is longer than the limit. The framer reads no more. */
  overflow(): void;
}

/**
 * Splits bytes into lines, incrementally. Holds at most one unfinished line within the limit; after an overflow it reads
 * no more, so that an endless line costs no memory [ASIDE-2.2-5].
 */
export class Framer {
  #unfinished = new Uint8Array(0);
  #unfinishedBytes = 0;
  #closed = false;

  /**
   * @param limit longest line in bytes, without LF; raised at sign-in
   * @param sink receives the lines in order
   */
  constructor(
    public limit: number,
    private readonly sink: FrameSink,
  ) {}

  /** Whether the framer reads no more (after an overflow or `close`). */
  get closed(): boolean {
    return this.#closed;
  }

  /** Stops reading; the remaining lines of the current chunk are dropped. */
  close(): void {
    this.#closed = true;
    this.#unfinished = new Uint8Array(0);
    this.#unfinishedBytes = 0;
  }

  /** @param chunk received bytes; an unfinished line is copied, the chunk itself never kept */
  push(chunk: Uint8Array): void {
    let start = 0;
    while (!this.#closed) {
      const end = chunk.indexOf(LF, start);
      const bytes = (end < 0 ? chunk.length : end) - start + this.#unfinishedBytes;
      if (bytes > this.limit) {
        this.close();
        this.sink.overflow();
        return;
      }
      if (end < 0) {
        this.#append(chunk.subarray(start));
        return;
      }
      if (this.#unfinishedBytes === 0) this.sink.line(chunk.subarray(start, end));
      else {
        this.#append(chunk.subarray(start, end));
        const line = this.#unfinished.subarray(0, this.#unfinishedBytes);
        this.#unfinished = new Uint8Array(0);
        this.#unfinishedBytes = 0;
        this.sink.line(line);
      }
      start = end + 1;
    }
  }

  #append(part: Uint8Array): void {
    const bytes = this.#unfinishedBytes + part.length;
    if (bytes > this.#unfinished.length) {
      // Doubles, so that a line in single bytes costs time linear in its length.
      const grown = new Uint8Array(Math.min(this.limit, Math.max(bytes, this.#unfinished.length * 2, 256)));
      grown.set(this.#unfinished.subarray(0, this.#unfinishedBytes));
      this.#unfinished = grown;
    }
    this.#unfinished.set(part, this.#unfinishedBytes);
    this.#unfinishedBytes = bytes;
  }
}
