import { type IPty, spawn } from '@lydell/node-pty';

const WAIT_MS = 30_000;
// oxlint-disable-next-line no-control-regex -- terminal escape sequences begin with it
const ESCAPE = /^\u001b\[([0-9;?]*)([A-Za-z])/;
// oxlint-disable-next-line no-control-regex -- terminal escape sequences begin with it
const ESCAPE_BEGUN = /^\u001b(\[[0-9;?]*)?$/;

/** Screen of a terminal of fixed size: the part of VT100 that readline and this program use. */
export class TerminalEmulator {
  #rows: string[][];
  #row = 0;
  #column = 0;
  #wrapPending = false;
  #unfinished = '';

  constructor(
    readonly columns: number,
    readonly height: number,
  ) {
    this.#rows = Array.from({ length: height }, () => []);
  }

  /** Rows with text; a wide character fills two cells. */
  get lines(): string[] {
    const lines = this.#rows.map((row) =>
      Array.from(row, (cell) => cell ?? ' ')
        .join('')
        .trimEnd(),
    );
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }

  /** Row and column of the cursor, from 0. */
  get cursor(): { row: number; column: number } {
    return { row: this.#row, column: this.#column };
  }

  write(output: string): void {
    let text = this.#unfinished + output;
    this.#unfinished = '';
    while (text !== '') {
      const escape = ESCAPE.exec(text);
      if (escape !== null) {
        this.#escape(escape[1] ?? '', escape[2] ?? '');
        text = text.slice(escape[0].length);
      } else if (ESCAPE_BEGUN.test(text)) {
        this.#unfinished = text;
        return;
      } else {
        const [character = ''] = text;
        this.#character(character);
        text = text.slice(character.length);
      }
    }
  }

  #character(character: string): void {
    if (character === '\r') this.#move(this.#row, 0);
    else if (character === '\n') this.#down();
    else if (character === '\b') this.#move(this.#row, Math.max(0, this.#column - 1));
    else if (character === '\t') this.#move(this.#row, (Math.floor(this.#column / 8) + 1) * 8);
    else if (character === '\u0007') return;
    else if (character < ' ') throw new Error(`the program wrote a raw control character: ${character.charCodeAt(0)}`);
    else this.#print(character);
  }

  #print(character: string): void {
    const width = isWide(character) ? 2 : 1;
    if (this.#wrapPending || this.#column + width > this.columns) {
      this.#column = 0;
      this.#down();
    }
    const row = this.#rows[this.#row]!;
    row[this.#column] = character;
    if (width === 2) row[this.#column + 1] = '';
    this.#column += width;
    this.#wrapPending = this.#column >= this.columns;
    if (this.#wrapPending) this.#column = this.columns - 1;
  }

  #down(): void {
    this.#wrapPending = false;
    if (this.#row < this.height - 1) this.#row++;
    else {
      this.#rows.shift();
      this.#rows.push([]);
    }
  }

  #move(row: number, column: number): void {
    this.#wrapPending = false;
    this.#row = Math.max(0, Math.min(this.height - 1, row));
    this.#column = Math.max(0, Math.min(this.columns - 1, column));
  }

  #escape(parameters: string, command: string): void {
    const count = Math.max(1, Number(parameters.split(';')[0] ?? '1') || 1);
    switch (command) {
      case 'A':
        return this.#move(this.#row - count, this.#column);
      case 'B':
        return this.#move(this.#row + count, this.#column);
      case 'C':
        return this.#move(this.#row, this.#column + count);
      case 'D':
        return this.#move(this.#row, this.#column - count);
      case 'G':
        return this.#move(this.#row, count - 1);
      case 'J':
        this.#rows[this.#row]!.length = Math.min(this.#rows[this.#row]!.length, this.#column);
        for (let row = this.#row + 1; row < this.height; row++) this.#rows[row] = [];
        return;
      case 'K':
        this.#rows[this.#row]!.length = Math.min(this.#rows[this.#row]!.length, this.#column);
        return;
      case 'h':
      case 'l':
      case 'm':
        return;
      default:
        throw new Error(
          `the program wrote an escape sequence that this terminal does not know: ${parameters}${command}`,
        );
    }
  }
}

function isWide(character: string): boolean {
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]|\p{Emoji_Presentation}/u.test(character);
}

/** A program in a real pseudo-terminal. */
export class TerminalProgram {
  readonly emulator: TerminalEmulator;
  /** The raw output of the program. */
  raw = '';
  exitCode: number | undefined;
  readonly exited: Promise<number>;
  readonly #pty: IPty;
  #changed: () => void = () => undefined;

  constructor(file: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}, columns = 80) {
    this.emulator = new TerminalEmulator(columns, 24);
    const inherited = Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !/^(ASIDE_|VITEST|NODE_OPTIONS)/.test(entry[0]),
    );
    this.#pty = spawn(process.execPath, [file, ...args], {
      name: 'xterm',
      cols: columns,
      rows: 24,
      env: { ...Object.fromEntries(inherited), ...environment },
    });
    this.#pty.onData((text) => {
      this.raw += text;
      this.emulator.write(text);
      this.#changed();
    });
    this.exited = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => {
        this.exitCode = exitCode;
        this.#changed();
        resolve(exitCode);
      });
    });
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  enter(line: string): void {
    this.#pty.write(`${line}\r`);
  }

  get screen(): string {
    return this.emulator.lines.join('\n');
  }

  /** Waits until the screen shows a text. @throws with the screen if it does not */
  async shows(expected: string | RegExp): Promise<void> {
    await this.until(
      (screen) => (typeof expected === 'string' ? screen.includes(expected) : expected.test(screen)),
      String(expected),
    );
  }

  async until(condition: (screen: string) => boolean, what: string): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    while (!condition(this.screen)) {
      const left = deadline - Date.now();
      if (left <= 0 || this.exitCode !== undefined) {
        // The last output may arrive after the program's end.
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (condition(this.screen)) return;
        throw new Error(`expected ${what} on the screen, but it shows\n${this.screen}\n(exit code ${this.exitCode})`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 200));
        this.#changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  kill(signal = 'SIGKILL'): void {
    if (this.exitCode === undefined) this.#pty.kill(signal);
  }
}
