const LF = 0x0a;

/** What a framer hands on: a line without its LF, or the news that a line outgrew the limit. */
export interface FrameSink {
  /** @param line bytes of one line; valid only during the call */
  line(line: Uint8Array): void;
  /** The line being read is longer than the limit. Nothing more is read after this. */
  overflow(): void;
}

/**
 * Bytes to lines: incremental, and bounded while reading. Never holds more than one unfinished line within the limit;
 * after an overflow it reads nothing more, so that an endless line costs nothing (§ connection, line size).
 */
export class Framer {
  #unfinished = new Uint8Array(0);
  #unfinishedBytes = 0;
  #closed = false;

  /**
   * @param limit longest line in bytes, without LF; may be raised later (it is, at sign-in)
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

  /** Stops reading; lines still in the current chunk are not handed on. */
  close(): void {
    this.#closed = true;
    this.#unfinished = new Uint8Array(0);
    this.#unfinishedBytes = 0;
  }

  /** @param chunk bytes as they came; copied where they are an unfinished line, never kept */
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
      // Doubling: a line that comes a byte at a time costs its length, not its square.
      const grown = new Uint8Array(Math.min(this.limit, Math.max(bytes, this.#unfinished.length * 2, 256)));
      grown.set(this.#unfinished.subarray(0, this.#unfinishedBytes));
      this.#unfinished = grown;
    }
    this.#unfinished.set(part, this.#unfinishedBytes);
    this.#unfinishedBytes = bytes;
  }
}
