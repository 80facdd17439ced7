import type { Client } from '../core/client.ts';
import type { Failure } from '../shared/client-api/failure.ts';
import { en } from '../shared/text/en.ts';
import { failureText } from '../shared/text/failure-text.ts';
import type { CommandContext } from './commands/terminal-command.ts';
import { helpText, TERMINAL_COMMANDS } from './commands/terminal-commands.ts';
import type { OutputEvent } from './output-event.ts';
import type { Action } from './parse-line.ts';

/** The outcome of an action. */
export interface ActionOutcome {
  readonly event: OutputEvent;
  /** The command succeeded; a message is on its way. */
  readonly done: boolean;
}

/** Runs actions on the client. */
export class CommandRunner {
  readonly #context: CommandContext;

  /** @param passwords from the environment, if the input is not a terminal */
  constructor(client: Client, passwords: CommandContext['passwords']) {
    this.#context = { client, passwords, listed: [], helpText };
  }

  async run({ command, parameters, tag }: Action): Promise<ActionOutcome> {
    const { run, toEvent } = TERMINAL_COMMANDS[command];
    const outcome = await run(this.#context, parameters);
    if (!outcome.ok) return { event: errorEvent(outcome.failure, command, tag), done: false };
    const { result } = outcome;
    const tagged = tag === undefined ? {} : { tag };
    return { event: toEvent?.(result, tagged) ?? { event: 'answer', command, result, ...tagged }, done: true };
  }
}

/** A failure as an output event, with its sentence. */
export function errorEvent(failure: Failure, command?: string, tag?: string | number): OutputEvent {
  const { detail: _detail, message: _message, certificate, ...shown } = failure;
  const fingerprints = certificate === undefined ? '' : certificateLines(certificate);
  return {
    event: 'error',
    ...shown,
    text: `${failureText(en, failure)}${fingerprints}`,
    ...(command === undefined ? {} : { command }),
    ...(tag === undefined ? {} : { tag }),
  };
}

function certificateLines({ expected, presented }: NonNullable<Failure['certificate']>): string {
  return `${expected === undefined ? '' : `\n  known:     ${expected}`}\n  presented: ${presented}`;
}
