/** Some lines of a text file, and how far it was read. */
export interface Lines {
  /** Without their ends; undefined stands for one that is longer than allowed. */
  readonly lines: readonly (string | undefined)[];
  /** Bytes of the file read so far. */
  readonly bytes: number;
}

/**
 * Reads a file of UTF-8 line by line, in the pieces in which it comes; never more of it is in memory than a piece and a
 * line. Ends of lines are LF or CR LF.
 * @param longest characters (UTF-16) of a line; what is longer is read over
 * @throws TypeError where it is no UTF-8; the system's own error where the file cannot be read
 */
export async function* readFileLines(file: Blob, longest: number): AsyncGenerator<Lines> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const reader = file.stream().getReader();
  const cutter = new LineCutter(longest);
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.length;
      yield { lines: cutter.cut(decoder.decode(value, { stream: true })), bytes };
    }
    yield { lines: cutter.end(decoder.decode()), bytes };
  } finally {
    void reader.cancel();
  }
}

class LineCutter {
  /** The beginning of a line whose end has not come yet. */
  #begun = '';
  /** That line is too long already, and nothing of it is kept. */
  #over = false;

  constructor(private readonly longest: number) {}

  cut(text: string): (string | undefined)[] {
    const parts = text.split('\n');
    const last = parts.pop() ?? '';
    const lines = parts.map((part) => this.#finish(part));
    this.#begin(last);
    return lines;
  }

  end(text: string): (string | undefined)[] {
    const lines = this.cut(text);
    return this.#begun === '' && !this.#over ? lines : [...lines, this.#finish('')];
  }

  #begin(part: string): void {
    if (this.#over) return;
    this.#begun += part;
    // One more: it may be the CR of the line's end.
    this.#over = this.#begun.length > this.longest + 1;
    if (this.#over) this.#begun = '';
  }

  #finish(part: string): string | undefined {
    const over = this.#over;
    const line = (this.#begun + part).replace(/\r$/, '');
    this.#begun = '';
    this.#over = false;
    return over || line.length > this.longest ? undefined : line;
  }
}
