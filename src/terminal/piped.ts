import type { Readable, Writable } from 'node:stream';
import type { Failure } from '../shared/client-api/failure.ts';
import type { ParsedLine } from './action.ts';
import { adviceFor } from './advice.ts';
import type { Happening } from './happening.ts';
import type { TerminalOptions } from './options.ts';
import { parseJsonLine, parseLine } from './parse-line.ts';
import { readLines } from './read-lines.ts';
import { renderText } from './render-text.ts';
import { ActionRunner, errorHappening } from './run-action.ts';
import { type Ended, Session } from './session.ts';
import { type Unlocked, unlockPiped } from './unlock.ts';

/** Messages without an answer after which no more lines are read for a while. */
const READ_AHEAD = 256;
/** How long messages may take at the end of the input, milliseconds. */
const SETTLE_MS = 30_000;

/** Where a program without a person reads and writes. */
export interface Pipes {
  readonly input: Readable;
  readonly output: Writable;
  readonly errors: Writable;
  /** Calls when the process is asked to end. */
  onSignal(call: (exitCode: number) => void): void;
}

/**
 * One command a line from standard input; what happens goes to standard output, as text or JSON (H1).
 * @returns the exit code: 0 everything done, 1 something not, 2 nobody to ask for the password
 */
export async function runPiped(options: TerminalOptions, pipes: Pipes): Promise<number> {
  const { user, password } = options;
  if (user === undefined || password === undefined) {
    const missing = user === undefined ? '--user NAME' : 'the password in ASIDE_PASSWORD';
    pipes.errors.write(`aside: nobody can be asked here: give ${missing}.\n`);
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
  #session: Session | undefined;

  constructor(
    private readonly options: TerminalOptions,
    private readonly pipes: Pipes,
  ) {}

  async run(user: string, password: string, unlocked: Unlocked): Promise<number> {
    const { register, takeOver } = this.options;
    const session = new Session(this.options, user, unlocked, (happening) => this.#report(happening));
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

  async #work(session: Session): Promise<void> {
    const runner = new ActionRunner(session.client, this.options);
    try {
      for await (const line of readLines(this.pipes.input)) {
        const parsed: ParsedLine =
          'mistake' in line
            ? { kind: 'mistake', text: line.mistake }
            : (this.options.json ? parseJsonLine : parseLine)(line.text);
        if (parsed.kind === 'nothing') continue;
        if (parsed.kind === 'mistake') {
          this.#allDone = false;
          this.#report(errorHappening({ reason: 'invalid-command', message: parsed.text }, parsed.command, parsed.tag));
          continue;
        }
        // Signing out waits for what was written before; the end of this run does it.
        if (parsed.action.command === 'logout') return;
        const { happening, done } = await runner.run(parsed.action);
        if (!done) this.#allDone = false;
        if (happening !== undefined) this.#report(happening);
        if (this.#exitCode !== undefined) return;
        await session.settled(READ_AHEAD, SETTLE_MS);
      }
    } catch (error) {
      // The input was closed from here because the session is over; anything else is a fault to be seen.
      if (this.#exitCode === undefined) throw error;
    }
  }

  /** The server has ended the session. A token that became invalid meanwhile is no reason to stop: we have the password. */
  #ended(session: Session, ended: Ended, password: string): void {
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
      this.pipes.errors.write(`aside: ${renderText({ event: 'connection', ...ended }) ?? 'the session has ended'}\n`);
      this.#stop(1);
    }
  }

  #stop(exitCode: number): void {
    this.#exitCode ??= exitCode;
    this.pipes.input.destroy();
  }

  #signInFailed(failure: Failure): void {
    if (this.options.json) this.#report(errorHappening(failure));
    const text = renderText(errorHappening(failure)) ?? failure.reason;
    this.pipes.errors.write(`aside: ${text}${adviceFor(failure, this.options)}\n`);
  }

  #stillWaiting(count: number): void {
    this.#allDone = false;
    const messages = count === 1 ? 'One message waits' : `${count} messages wait`;
    this.#report(
      errorHappening({ reason: 'still-waiting', message: `${messages} here and will be sent at the next sign-in.` }),
    );
  }

  #report(happening: Happening): void {
    if (happening.event === 'sent' && happening.status === 'refused') this.#allDone = false;
    if (happening.event === 'private-sent' && happening.status === 'undelivered') this.#allDone = false;
    if (this.options.json) {
      this.pipes.output.write(`${JSON.stringify(happening)}\n`);
      return;
    }
    const { event } = happening;
    // Told only where it means waiting; otherwise the next line about this message says more.
    if (event === 'sent' && happening.status === 'queued' && this.#session?.online === true) return;
    // What ends the run is told once, on standard error.
    if (event === 'connection' && (happening.state === 'signed-out' || happening.state === 'untrusted')) return;
    const text = renderText(happening);
    if (text !== undefined) this.pipes.output.write(`${text}\n`);
  }
}
