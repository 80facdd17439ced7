import { foldUsername } from '../shared/client-api/fold-username.ts';
import type { ViewState } from '../shared/client-api/view-state.ts';
import type { TerminalCommand } from './commands/terminal-command.ts';
import { isCommandName, TERMINAL_COMMANDS } from './commands/terminal-commands.ts';

/** Completes commands and, after them, usernames. @returns the completions, and the part of the line they replace */
export function completeLine(line: string, view: ViewState): [string[], string] {
  const space = line.indexOf(' ');
  if (space < 0) {
    const names = Object.keys(TERMINAL_COMMANDS).filter((name) => name.startsWith(line.toLowerCase()));
    return [names.map((name) => `${name} `), line];
  }
  const command = line.slice(0, space).toLowerCase();
  const start = line.slice(space + 1);
  if (!isCommandName(command) || start.includes(' ')) return [[], line];
  const names = namesFor(TERMINAL_COMMANDS[command].completes, view);
  const wanted = foldUsername(start);
  return [names.filter((name) => foldUsername(name).startsWith(wanted)).map((name) => `${name} `), start];
}

function namesFor(completes: TerminalCommand['completes'], view: ViewState): readonly string[] {
  switch (completes) {
    case 'people':
      return knownUsernames(view);
    case 'blocked':
      return view.blacklist ?? [];
    case 'private-sessions':
      return view.privateSessions.map(({ username }) => username);
    case 'requests':
      return view.privateSessions.filter(({ state }) => state.state === 'asked').map(({ username }) => username);
    case undefined:
      return [];
  }
}

function knownUsernames(view: ViewState): string[] {
  const names = [...view.people, ...view.conversations].flatMap(({ username }) => username ?? []);
  return [...new Set(names)].sort();
}
