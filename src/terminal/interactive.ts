import type { ReadStream, WriteStream } from 'node:tty';
import { completeLine } from './complete-line.ts';
import { canSignInAgain, promptPasswordAgain, promptSignIn } from './sign-in-prompt.ts';
import type { OutputEvent } from './output-event.ts';
import type { TerminalOptions } from './options.ts';
import { type Action, parseLine } from './parse-line.ts';
import { printable } from './printable.ts';
import { renderText } from './render-text.ts';
import { terminalText } from '../shared/text/terminal.ts';
import { CommandRunner } from './command-runner.ts';
import { TERMINAL_COMMANDS } from './commands/terminal-commands.ts';
import { TerminalScreen } from './terminal-screen.ts';
import type { FinalState, TerminalSession } from './terminal-session.ts';

const PROMPT = '> ';
/** The longest wait for unanswered messages before leaving, milliseconds. */
const SETTLE_MS = 3_000;

export interface Terminal {
  readonly input: ReadStream;
  readonly output: WriteStream;
  /** Calls when a signal asks the process to end. */
  onSignal(call: (exitCode: number) => void): void;
}

/**
 * Runs the client for a user at a terminal.
 * @returns the exit code: 0 the user has left, 1 the session could not start or was ended
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
  /** Commands run one after the other, so that answers keep their order. */
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
      // Typing is activity (B5); the core limits how often the server is notified.
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
    return this.#signal ?? (this.#ended === undefined || isByUser(this.#ended) ? 0 : 1);
  }

  async #converse(session: TerminalSession): Promise<void> {
    const runner = new CommandRunner(session.client, { password: undefined, newPassword: undefined });
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
      const action = await this.#complete(parsed.action, session);
      if (action === undefined) continue;
      if (action.command === 'logout') {
        await this.#work;
        return;
      }
      // Not awaited: the user can type the next line.
      this.#work = this.#work.then(() => this.#perform(runner, action));
      if (action.command === 'delete-account') await this.#work;
    }
  }

  /** Asks for missing parameters; undefined if the user leaves the question. */
  async #complete(action: Action, session: TerminalSession): Promise<Action | undefined> {
    const { prompt } = TERMINAL_COMMANDS[action.command];
    if (prompt === undefined) return action;
    const parameters = await prompt(this.#screen, session.client.snapshot().username ?? session.username);
    return parameters === undefined ? undefined : { ...action, parameters };
  }

  async #perform(runner: CommandRunner, action: Action): Promise<void> {
    this.#report((await runner.run(action)).event);
  }

  #stillWaiting(count: number): void {
    this.#screen.print(terminalText.program.stillWaiting(count));
  }

  #report(output: OutputEvent): void {
    // While online, the next event of this message follows at once.
    if (output.event === 'sent' && output.status === 'queued' && this.#session?.online === true) return;
    const text = renderText(output);
    if (text !== undefined) this.#screen.print(text);
  }
}

function isByUser(ended: FinalState): boolean {
  return ended.state === 'signed-out' && ended.reason === 'account-deleted';
}
