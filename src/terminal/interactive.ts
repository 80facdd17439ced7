import type { ReadStream, WriteStream } from 'node:tty';
import type { Action } from './action.ts';
import { completeLine } from './complete-line.ts';
import { askNewPassword, askToDelete, promptSignIn, promptPasswordAgain, canSignInAgain } from './sign-in-prompt.ts';
import type { OutputEvent } from './output-event.ts';
import type { TerminalOptions } from './options.ts';
import { parseLine } from './parse-line.ts';
import { printable } from './printable.ts';
import { renderText } from './render-text.ts';
import { ActionRunner } from './run-action.ts';
import { TerminalScreen } from './terminal-screen.ts';
import type { FinalState, TerminalSession } from './terminal-session.ts';

const PROMPT = '> ';
/** How long leaving waits for messages that are on their way, milliseconds. */
const SETTLE_MS = 3_000;

export interface Terminal {
  readonly input: ReadStream;
  readonly output: WriteStream;
  /** Calls when the process is asked to end. */
  onSignal(call: (exitCode: number) => void): void;
}

/**
 * A person at a terminal.
 * @returns the exit code: 0 the person left, 1 the session could not begin or was ended
 */
export async function runInteractive(options: TerminalOptions, terminal: Terminal): Promise<number> {
  const conversation = new InteractiveRun(options, terminal);
  return await conversation.run();
}

class InteractiveRun {
  readonly #screen: TerminalScreen;
  #session: TerminalSession | undefined;
  #ended: FinalState | undefined;
  #signal: number | undefined;
  /** Answers appear in the order of the commands. */
  #work: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: TerminalOptions,
    terminal: Terminal,
  ) {
    const complete = (line: string): [string[], string] => {
      const view = this.#session?.client.snapshot();
      return view === undefined ? [[], line] : completeLine(line, view);
    };
    this.#screen = new TerminalScreen(terminal.input, terminal.output, complete, () => {
      // Typing is doing something (B5); how seldom the server has to hear of it is the core's to know.
      void this.#session?.client.run('session.activity', {});
    });
    terminal.onSignal((code) => {
      this.#signal = code;
      this.#screen.close();
    });
  }

  async run(): Promise<number> {
    const session = await promptSignIn(this.#screen, this.options, (output) => this.#report(output));
    if (session === undefined) {
      this.#screen.close();
      return this.#signal ?? 1;
    }
    this.#session = session;
    session.onEnded((ended) => {
      this.#ended = ended;
      this.#screen.interrupt();
    });
    await this.#converse(session);
    if (this.#ended === undefined) {
      await session.settled(0, session.online ? SETTLE_MS : 0);
      if (session.waiting > 0) this.#stillWaiting(session.waiting);
    }
    this.#screen.close();
    await session.leave();
    return this.#signal ?? (this.#ended === undefined || isOwnWish(this.#ended) ? 0 : 1);
  }

  async #converse(session: TerminalSession): Promise<void> {
    const runner = new ActionRunner(session.client, { password: undefined, newPassword: undefined });
    for (;;) {
      if (this.#ended !== undefined) {
        if (!canSignInAgain(this.#ended) || !(await promptPasswordAgain(this.#screen, session))) return;
        this.#ended = undefined;
      }
      const asked = await this.#screen.ask(PROMPT, { conversation: true });
      if (asked.kind === 'end') return;
      if (asked.kind === 'interrupted') continue;
      const parsed = parseLine(asked.text);
      if (parsed.kind === 'mistake') this.#screen.print(printable(parsed.text));
      if (parsed.kind !== 'action') continue;
      const action = await this.#completed(parsed.action, session);
      if (action === undefined) continue;
      if (action.command === 'logout') {
        await this.#work;
        return;
      }
      // Not awaited: the next line can be typed meanwhile.
      this.#work = this.#work.then(() => this.#perform(runner, action));
      if (action.command === 'delete-account') await this.#work;
    }
  }

  /** Asks for what an action still lacks. */
  async #completed(action: Action, session: TerminalSession): Promise<Action | undefined> {
    if (action.command === 'password') {
      const asked = await askNewPassword(this.#screen);
      return asked === undefined ? undefined : { ...action, ...asked };
    }
    if (action.command === 'delete-account') {
      const asked = await askToDelete(this.#screen, session.client.snapshot().username ?? session.username);
      return asked === undefined ? undefined : { ...action, ...asked };
    }
    return action;
  }

  async #perform(runner: ActionRunner, action: Action): Promise<void> {
    const { event } = await runner.run(action);
    if (event !== undefined) this.#report(event);
  }

  #stillWaiting(count: number): void {
    const messages = count === 1 ? 'One message waits' : `${count} messages wait`;
    this.#screen.print(`${messages} here and will be sent at the next sign-in.`);
  }

  #report(output: OutputEvent): void {
    // Told only where it means waiting; otherwise the next line about this message says more.
    if (output.event === 'sent' && output.status === 'queued' && this.#session?.online === true) return;
    const text = renderText(output);
    if (text !== undefined) this.#screen.print(text);
  }
}

function isOwnWish(ended: FinalState): boolean {
  return ended.state === 'signed-out' && ended.reason === 'account-deleted';
}
