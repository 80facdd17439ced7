/** Some lines of a text file, and the number of bytes read so far. */
export interface Lines {
  /** Without line ends; undefined stands for a line that is too long. */
  readonly lines: readonly (string | undefined)[];
  /** Bytes of the file read so far. */
  readonly bytes: number;
}

/**
 * Reads a UTF-8 file line by line, in chunks; at most one chunk and one line are in memory. Lines end with LF or CR LF.
 * @param longest longest line in characters (UTF-16); longer lines are skipped
 * @throws TypeError if the file isn't UTF-8; the system's error if the file cannot be read
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
  /** The beginning of a line whose end isn't read yet. */
  #begun = '';
  /** That line is too long and is dropped. */
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
    // One more character: it may be the CR of the line end.
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
