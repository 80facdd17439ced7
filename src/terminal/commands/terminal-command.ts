import type { z } from 'zod';
import type { Client } from '../../core/client.ts';
import type { Outcome } from '../../shared/client-api/failure.ts';
import type { PrivateOutputEvent } from '../private-output-event.ts';
import type { SentEvent, Tagged } from '../sent-event.ts';
import type { TerminalScreen } from '../terminal-screen.ts';

/** Dependencies of the commands. */
export interface CommandContext {
  readonly client: Client;
  /** From the environment, if the input is not a terminal. */
  readonly passwords: { readonly password: string | undefined; readonly newPassword: string | undefined };
  /** Ids in the order of the last `outbox`. */
  listed: readonly string[];
  readonly helpText: () => string;
}

/** One command of the terminal: its two forms of input, its work, and its answer as text and as JSON. */
export interface TerminalCommand<Parameters extends object = object, Answer extends object = object> {
  /** The text form. */
  readonly usage: string;
  readonly about: string;
  /** Usernames that Tab completes. */
  readonly completes?: 'people' | 'blocked' | 'private-sessions' | 'requests';
  /** Members of the JSON form, beside `command` and `tag`. */
  readonly parameters: z.ZodObject & z.ZodType<Parameters>;
  /** Members of the answer in JSON, beside `event`, `command` and `tag`. */
  readonly answer: z.ZodObject & z.ZodType<Answer>;
  /** Reads the text after the command and one space; undefined if it does not fit. */
  parse(rest: string): Parameters | undefined;
  /** Asks the user for missing parameters; undefined if the user leaves the question. */
  prompt?(screen: TerminalScreen, own: string): Promise<Parameters | undefined>;
  run(context: CommandContext, parameters: Parameters): Promise<Outcome<Answer>>;
  /** The answer as text; undefined if later events say it. */
  print(answer: Answer): string | undefined;
  /** The output event of the answer, if it is not `answer`. */
  toEvent?(answer: Answer, tag: Tagged): SentEvent | PrivateOutputEvent;
}

/** Infers the types of a command from its schemas. */
export function defineCommand<Parameters extends object, Answer extends object>(
  command: TerminalCommand<Parameters, Answer>,
): TerminalCommand<Parameters, Answer> {
  return command;
}
