import { terminalText } from '../../shared/text/terminal.ts';
import { ACCOUNT_COMMANDS } from './account-commands.ts';
import { BLACKLIST_COMMANDS } from './blacklist-commands.ts';
import { HISTORY_COMMANDS } from './history-commands.ts';
import { MESSAGE_COMMANDS } from './message-commands.ts';
import { PRESENCE_COMMANDS } from './presence-commands.ts';
import { PRIVATE_COMMANDS } from './private-commands.ts';
import { PROGRAM_COMMANDS } from './program-commands.ts';
import type { TerminalCommand } from './terminal-command.ts';

const ALL = {
  ...MESSAGE_COMMANDS,
  ...PRESENCE_COMMANDS,
  ...BLACKLIST_COMMANDS,
  ...HISTORY_COMMANDS,
  ...ACCOUNT_COMMANDS,
  ...PRIVATE_COMMANDS,
  ...PROGRAM_COMMANDS,
};
export type TerminalCommandName = keyof typeof ALL;

/** Every command of the terminal, in the order of `help`. Parsing, completion, output, help and docs derive from it. */
export const TERMINAL_COMMANDS: { readonly [Name in TerminalCommandName]: TerminalCommand } = ALL;

export function isCommandName(name: string): name is TerminalCommandName {
  return Object.hasOwn(TERMINAL_COMMANDS, name);
}

/** The text of `help`: each command with its meaning. */
export function helpText(): string {
  const rows = Object.values(TERMINAL_COMMANDS).map(({ usage, about }) => `  ${usage.padEnd(28)} ${about}`);
  return `${rows.join('\n')}\n\n${terminalText.program.helpEnd}\n`;
}
