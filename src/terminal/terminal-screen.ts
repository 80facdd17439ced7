import { createInterface, type Interface } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import { Writable } from 'node:stream';
import { terminalText } from '../shared/text/terminal.ts';

/** The answer to a prompt. */
export type PromptResult =
  | { readonly kind: 'line'; readonly text: string }
  /** The user leaves: Ctrl-D, or Ctrl-C (twice at a prompt for commands). */
  | { readonly kind: 'end' }
  /** `interrupt` was called. */
  | { readonly kind: 'interrupted' };

export interface AskOptions {
  /** The typed text is not shown, not remembered and not completed. */
  readonly hidden?: boolean;
  /** A command: remembered and completed; Ctrl-C clears it first. */
  readonly conversation?: boolean;
}

/** Completions of a line, and the part of it that they replace. */
export type Complete = (line: string) => [string[], string];

/** Sequences that make a terminal mark pasted text (xterm, "Bracketed Paste Mode"). */
const BRACKETED_PASTE = { on: '\u001b[?2004h', off: '\u001b[?2004l' };
/** The prompt for another line of the same text. */
const NEXT_LINE = '… ';

/** Lines that the user can type before the prompt. */
const TYPED_AHEAD = 1_000;

/**
 * A terminal with the line that the user types at its bottom and the output above it. Output never breaks the typed
 * line, whatever its length and characters.
 */
export class TerminalScreen {
  readonly #readline: Interface;
  readonly #output: MutableOutput;
  #waiting: { options: AskOptions; resolve: (result: PromptResult) => void } | undefined;
  #typedAhead: string[] = [];
  #interrupts = 0;
  /** The lines before the last line of a text that the user pastes or writes. */
  #lines: string[] = [];
  #pasting = false;
  #ended = false;

  /** @param onKey called for every key */
  constructor(
    input: ReadStream,
    private readonly terminal: WriteStream,
    private readonly complete: Complete,
    onKey: () => void,
  ) {
    this.#output = new MutableOutput(terminal);
    this.#readline = createInterface({
      input,
      output: this.#output,
      terminal: true,
      historySize: 500,
      removeHistoryDuplicates: true,
      completer: (line: string) => (this.#waiting?.options.conversation === true ? this.complete(line) : [[], line]),
    });
    this.#readline.on('history', (history: string[]) => {
      if (this.#waiting?.options.conversation !== true) history.shift();
    });
    this.#readline.on('line', (line) => this.#line(line));
    this.#readline.on('SIGINT', () => this.#interruptKey());
    this.#readline.on('close', () => this.#end());
    input.prependListener('keypress', (_text, key?: { name?: string }) => this.#beforeKey(key?.name));
    // The terminal marks a pasted text, so that its lines are not run one by one.
    this.terminal.write(BRACKETED_PASTE.on);
    input.on('keypress', (_text, key?: { ctrl?: boolean; meta?: boolean; name?: string }) => {
      if (key?.name === 'paste-start') this.#pasting = true;
      else if (key?.name === 'paste-end') this.#pasted();
      else if (key?.meta === true && (key.name === 'return' || key.name === 'enter')) this.#nextLine();
      if (key?.ctrl !== true || key.name !== 'c') this.#interrupts = 0;
      onKey();
    });
  }

  /** Prompts for a line. One prompt at a time. */
  ask(prompt: string, options: AskOptions = {}): Promise<PromptResult> {
    if (this.#ended) return Promise.resolve({ kind: 'end' });
    const typed = options.hidden === true ? undefined : this.#typedAhead.shift();
    if (typed !== undefined) return Promise.resolve({ kind: 'line', text: typed });
    return new Promise((resolve) => {
      this.#waiting = { options, resolve };
      this.#readline.setPrompt(prompt);
      this.#readline.prompt();
      this.#output.muted = options.hidden === true;
    });
  }

  /** Ends the open prompt without an answer. */
  interrupt(): void {
    if (this.#waiting === undefined) return;
    this.#clearTyping();
    this.#eraseTyped();
    this.#answer({ kind: 'interrupted' });
  }

  /** Prints above the typed line. @param text without control characters except line ends between lines */
  print(text: string): void {
    const output = `${text}\n`;
    if (this.#waiting === undefined) {
      this.terminal.write(output);
    } else if (this.#output.muted) {
      this.terminal.write(`\r\u001b[J${output}${this.#readline.getPrompt()}`);
    } else {
      this.#eraseTyped();
      this.terminal.write(output);
      // Redraw from the row of the cursor, not from an earlier one.
      Object.assign(this.#readline, { prevRows: 0 });
      this.#readline.prompt(true);
    }
  }

  close(): void {
    this.#readline.close();
  }

  /** Moves to the beginning of the prompt and clears from there. */
  #eraseTyped(): void {
    const { rows } = this.#readline.getCursorPos();
    this.terminal.write(`${rows > 0 ? `\u001b[${rows}A` : ''}\r\u001b[J`);
  }

  /**
   * Corrects pasting: readline appends pasted text, even if the cursor is in the middle of the line, and redraws the line
   * in the wrong rows. It has no documented setting for that; tests in a real terminal check this.
   */
  #beforeKey(name: string | undefined): void {
    const readline = this.#readline;
    const pasting = Reflect.get(readline, 'isCompletionEnabled') === false;
    if (pasting && readline.cursor === readline.line.length) return;
    Object.assign(readline, {
      prevRows: readline.getCursorPos().rows,
      // With completion off, a pasted Tab is a character.
      isCompletionEnabled: !pasting || name !== 'tab',
    });
  }

  #clearTyping(): void {
    this.#readline.write(null, { ctrl: true, name: 'e' });
    this.#readline.write(null, { ctrl: true, name: 'u' });
  }

  #line(line: string): void {
    this.#interrupts = 0;
    if (this.#pasting && this.#inConversation) {
      this.#lines.push(line);
      return;
    }
    const text = [...this.#lines.splice(0), line].join('\n').replace(/\n+$/, '');
    if (this.#waiting === undefined) {
      if (this.#typedAhead.length < TYPED_AHEAD) this.#typedAhead.push(text);
      return;
    }
    if (this.#output.muted) this.terminal.write('\n');
    this.#answer({ kind: 'line', text });
  }

  /** Commands are typed, also before their prompt; not the answer to a question. */
  get #inConversation(): boolean {
    return this.#waiting === undefined || this.#waiting.options.conversation === true;
  }

  #pasted(): void {
    this.#pasting = false;
    if (this.#lines.length > 0) this.print(terminalText.prompts.pasted);
  }

  /** Begins another line of the same text. */
  #nextLine(): void {
    if (this.#waiting?.options.conversation !== true) return;
    this.#lines.push(this.#readline.line);
    this.terminal.write('\n');
    Object.assign(this.#readline, { line: '', cursor: 0, prevRows: 0 });
    this.#readline.setPrompt(NEXT_LINE);
    this.#readline.prompt();
  }

  #interruptKey(): void {
    if (this.#lines.length > 0) this.#interrupts = 0;
    this.#lines = [];
    this.#interrupts++;
    const inQuestion = this.#waiting !== undefined && this.#waiting.options.conversation !== true;
    if (inQuestion || this.#interrupts > 1) {
      this.#readline.close();
      return;
    }
    this.#clearTyping();
    this.print(terminalText.prompts.interrupt);
  }

  #end(): void {
    this.#ended = true;
    this.terminal.write(BRACKETED_PASTE.off);
    if (this.#waiting !== undefined) this.terminal.write('\n');
    this.#answer({ kind: 'end' });
  }

  #answer(result: PromptResult): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#output.muted = false;
    waiting?.resolve(result);
  }
}

/** The terminal as readline sees it; drops the echo of a password. */
class MutableOutput extends Writable {
  muted = false;

  constructor(private readonly terminal: WriteStream) {
    super({ decodeStrings: false });
    terminal.on('resize', () => this.emit('resize'));
  }

  get columns(): number {
    return this.terminal.columns;
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    if (!this.muted) this.terminal.write(chunk);
    done();
  }
}
