import { z } from 'zod';
import type { Action, ParsedLine } from './action.ts';
import { splitWord } from './line-command.ts';
import { LINE_COMMANDS } from './line-commands.ts';

/** Understands a line of text: a command, white space, what belongs to it. */
export function parseLine(line: string): ParsedLine {
  const [word, rest] = splitWord(line);
  if (word === '') return { kind: 'nothing' };
  const name = word.toLowerCase();
  if (!Object.hasOwn(LINE_COMMANDS, name)) {
    return { kind: 'mistake', text: `There is no command "${word}". Type help for the list.` };
  }
  const { usage, read } = LINE_COMMANDS[name as keyof typeof LINE_COMMANDS];
  const action = read(rest);
  if (action === undefined)
    return { kind: 'mistake', command: name, text: `That is not complete or too much. Use: ${usage}` };
  return { kind: 'action', action };
}

const tag = z.union([z.string(), z.number()]).optional();
const seconds = z.int().nonnegative();
const jsonAction = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('message'), to: z.string(), text: z.string(), tag }),
  z.strictObject({ command: z.literal('broadcast'), text: z.string(), tag }),
  z.strictObject({ command: z.literal('whoelse'), tag }),
  z.strictObject({ command: z.literal('whoelsesince'), seconds, tag }),
  z.strictObject({ command: z.enum(['block', 'unblock']), user: z.string(), tag }),
  z.strictObject({ command: z.literal('blacklist'), tag }),
  z.strictObject({ command: z.literal('search'), prefix: z.string(), tag }),
  z.strictObject({ command: z.literal('find'), text: z.string(), tag }),
  z.strictObject({ command: z.literal('outbox'), tag }),
  z.strictObject({ command: z.literal('cancel'), id: z.string(), tag }),
  z.strictObject({
    command: z.literal('password'),
    password: z.string().optional(),
    newPassword: z.string().optional(),
    tag,
  }),
  z.strictObject({ command: z.literal('delete-account'), user: z.string(), password: z.string().optional(), tag }),
  z.strictObject({ command: z.literal('startprivate'), user: z.string(), note: z.string().optional(), tag }),
  z.strictObject({ command: z.enum(['yes', 'no']), user: z.string().optional(), tag }),
  z.strictObject({ command: z.literal('private'), user: z.string(), text: z.string(), tag }),
  z.strictObject({ command: z.enum(['stopprivate', 'safety', 'accept']), user: z.string(), tag }),
  z.strictObject({ command: z.literal('verify'), user: z.string(), verified: z.boolean().optional(), tag }),
  z.strictObject({ command: z.literal('keep'), user: z.string(), keep: z.boolean(), tag }),
  z.strictObject({ command: z.literal('reveal'), reveal: z.boolean().optional(), user: z.string().optional(), tag }),
  z.strictObject({ command: z.enum(['aside', 'help', 'logout']), tag }),
]) satisfies z.ZodType<Action>;

/** Understands a line of a program: a JSON object, or the same text as a person would type. */
export function parseJsonLine(line: string): ParsedLine {
  if (!line.trimStart().startsWith('{')) return parseLine(line);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: 'mistake', text: 'That line is not valid JSON.' };
  }
  const checked = jsonAction.safeParse(value);
  if (checked.success) return { kind: 'action', action: checked.data };
  const { command, tag: given } = z
    .object({ command: z.string().optional().catch(undefined), tag: tag.catch(undefined) })
    .parse(value);
  const text = 'That object is not a command with what belongs to it. See docs/terminal.md.';
  return {
    kind: 'mistake',
    text,
    ...(command === undefined ? {} : { command }),
    ...(given === undefined ? {} : { tag: given }),
  };
}
