import type { Readable, Writable } from 'node:stream';
import type { Failure } from '../shared/client-api/failure.ts';
import { adviceFor } from './advice.ts';
import { type OutputEvent, toJson } from './output-event.ts';
import type { TerminalOptions } from './options.ts';
import { type ParsedLine, parseJsonLine, parseLine } from './parse-line.ts';
import { readInputLines } from './read-input-lines.ts';
import { renderText } from './render-text.ts';
import { terminalText } from '../shared/text/terminal.ts';
import { CommandRunner, errorEvent } from './command-runner.ts';
import { type FinalState, TerminalSession } from './terminal-session.ts';
import { type UnlockedFolder, unlockPiped } from './unlock.ts';

const { program } = terminalText;

/** Unanswered messages above which reading pauses. */
const READ_AHEAD = 256;
/** The longest wait for unanswered messages at the end of the input, milliseconds. */
const SETTLE_MS = 30_000;

/** Input and output without a terminal. */
export interface Pipes {
  readonly input: Readable;
  readonly output: Writable;
  readonly errors: Writable;
  /** Calls when a signal asks the process to end. */
  onSignal(call: (exitCode: number) => void): void;
}

/**
 * Reads one command a line from standard input and prints events on standard output, as text or JSON (H1).
 * @returns the exit code: 0 every command succeeded, 1 one failed, 2 the username or password is missing
 */
export async function runPiped(options: TerminalOptions, pipes: Pipes): Promise<number> {
  const { user, password } = options;
  if (user === undefined || password === undefined) {
    const missing = user === undefined ? program.missing.user : program.missing.password;
    pipes.errors.write(`aside: ${program.noTerminal(missing)}\n`);
    return 2;
  }
  const unlocked = await unlockPiped(options);
  if ('mistake' in unlocked) {
    pipes.errors.write(`aside: ${unlocked.mistake}\n`);
    return unlocked.exitCode;
  }
  return await new PipedRun(options, pipes).run(user, password, unlocked);
}

class PipedRun {
  #allDone = true;
  #exitCode: number | undefined;
  #session: TerminalSession | undefined;

  constructor(
    private readonly options: TerminalOptions,
    private readonly pipes: Pipes,
  ) {}

  async run(user: string, password: string, unlocked: UnlockedFolder): Promise<number> {
    const { register, takeOver } = this.options;
    const session = await TerminalSession.open(this.options, user, unlocked, (output) => this.#report(output));
    this.#session = session;
    this.pipes.onSignal((code) => this.#stop(code));
    const outcome = await session.signIn({ password, register, takeOver });
    if (!outcome.ok) {
      this.#signInFailed(outcome.failure);
      session.close();
      return 1;
    }
    session.onEnded((ended) => this.#ended(session, ended, password));
    if (this.#exitCode === undefined) await this.#work(session);
    if (this.#exitCode === undefined && !(await session.settled(0, SETTLE_MS))) this.#stillWaiting(session.waiting);
    await session.leave();
    return this.#exitCode ?? (this.#allDone ? 0 : 1);
  }

  async #work(session: TerminalSession): Promise<void> {
    const runner = new CommandRunner(session.client, this.options);
    try {
      for await (const line of readInputLines(this.pipes.input)) {
        const parsed: ParsedLine =
          'mistake' in line
            ? { kind: 'mistake', text: line.mistake }
            : (this.options.json ? parseJsonLine : parseLine)(line.text);
        if (parsed.kind === 'nothing') continue;
        if (parsed.kind === 'mistake') {
          this.#allDone = false;
          this.#report(errorEvent({ reason: 'invalid-command', message: parsed.text }, parsed.command, parsed.tag));
          continue;
        }
        // The end of this run signs out, after the messages before are answered.
        if (parsed.action.command === 'logout') return;
        const { event, done } = await runner.run(parsed.action);
        if (!done) this.#allDone = false;
        if (event !== undefined) this.#report(event);
        if (this.#exitCode !== undefined) return;
        await session.settled(READ_AHEAD, SETTLE_MS);
      }
    } catch (error) {
      // #stop has closed the input; every other error is a bug.
      if (this.#exitCode === undefined) throw error;
    }
  }

  /** The server has ended the session. After an invalid token, the client signs in with the password. */
  #ended(session: TerminalSession, ended: FinalState, password: string): void {
    if (ended.state === 'signed-out' && ended.reason === 'token-invalid') {
      void session.signIn({ password, register: false, takeOver: false }).then((outcome) => {
        if (!outcome.ok) {
          this.#signInFailed(outcome.failure);
          this.#stop(1);
        }
        return undefined;
      });
    } else if (ended.state === 'signed-out' && ended.reason === 'account-deleted') {
      this.#stop(this.#allDone ? 0 : 1);
    } else {
      this.pipes.errors.write(`aside: ${renderText({ event: 'connection', ...ended }) ?? program.sessionEnded}\n`);
      this.#stop(1);
    }
  }

  #stop(exitCode: number): void {
    this.#exitCode ??= exitCode;
    this.pipes.input.destroy();
  }

  #signInFailed(failure: Failure): void {
    if (this.options.json) this.#report(errorEvent(failure));
    const text = renderText(errorEvent(failure)) ?? failure.reason;
    this.pipes.errors.write(`aside: ${text}${adviceFor(failure, this.options)}\n`);
  }

  #stillWaiting(count: number): void {
    this.#allDone = false;
    this.#report(errorEvent({ reason: 'still-waiting', message: program.stillWaiting(count) }));
  }

  #report(output: OutputEvent): void {
    if (output.event === 'sent' && output.status === 'refused') this.#allDone = false;
    if (output.event === 'private-sent' && output.status === 'undelivered') this.#allDone = false;
    if (this.options.json) {
      this.pipes.output.write(`${toJson(output)}\n`);
      return;
    }
    const { event } = output;
    // While online, the next event of this message follows at once.
    if (event === 'sent' && output.status === 'queued' && this.#session?.online === true) return;
    // The end of the run is printed on standard error.
    if (event === 'connection' && (output.state === 'signed-out' || output.state === 'untrusted')) return;
    const text = renderText(output);
    if (text !== undefined) this.pipes.output.write(`${text}\n`);
  }
}
