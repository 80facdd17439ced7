import { z } from 'zod';
import { terminalText } from '../shared/text/terminal.ts';
import { splitWord } from './commands/read-words.ts';
import { isCommandName, TERMINAL_COMMANDS, type TerminalCommandName } from './commands/terminal-commands.ts';

const { mistakes } = terminalText;

/** A command with its parameters. `tag` comes back in the answer to a program. */
export interface Action {
  readonly command: TerminalCommandName;
  readonly parameters: object;
  readonly tag?: string | number | undefined;
}

/** The meaning of a line of input. */
export type ParsedLine =
  | { readonly kind: 'action'; readonly action: Action }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'mistake'; readonly text: string; readonly command?: string; readonly tag?: string | number };

/** Parses the text form: a command, white space, its parameters. */
export function parseLine(line: string): ParsedLine {
  const [word, rest] = splitWord(line);
  if (word === '') return { kind: 'nothing' };
  const command = word.toLowerCase();
  if (!isCommandName(command)) return { kind: 'mistake', text: mistakes.noCommand(word) };
  const { usage, parse } = TERMINAL_COMMANDS[command];
  const parameters = parse(rest);
  return parameters === undefined
    ? { kind: 'mistake', command, text: mistakes.badParameters(usage) }
    : { kind: 'action', action: { command, parameters } };
}

const tagSchema = z.union([z.string(), z.number()]).optional();
const jsonForm = z.looseObject({ command: z.string(), tag: tagSchema });
/** Members of an invalid object that the error repeats. */
const salvaged = z.object({ command: z.string().optional().catch(undefined), tag: tagSchema.catch(undefined) });

/** Parses a line of a program: the JSON form, or the text form. */
export function parseJsonLine(line: string): ParsedLine {
  if (!line.trimStart().startsWith('{')) return parseLine(line);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: 'mistake', text: mistakes.notJson };
  }
  const action = readAction(value);
  if (action !== undefined) return { kind: 'action', action };
  const { command, tag } = salvaged.parse(value);
  return {
    kind: 'mistake',
    text: mistakes.badObject,
    ...(command === undefined ? {} : { command }),
    ...(tag === undefined ? {} : { tag }),
  };
}

function readAction(value: unknown): Action | undefined {
  const form = jsonForm.safeParse(value);
  if (!form.success) return undefined;
  const { command, tag, ...members } = form.data;
  if (!isCommandName(command)) return undefined;
  const parameters = TERMINAL_COMMANDS[command].parameters.safeParse(members);
  if (!parameters.success) return undefined;
  return { command, parameters: parameters.data, ...(tag === undefined ? {} : { tag }) };
}
