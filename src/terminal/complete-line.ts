import { foldUsername } from '../shared/client-api/fold-username.ts';
import type { ViewState } from '../shared/client-api/view-state.ts';
import type { LineCommand } from './line-command.ts';
import { LINE_COMMANDS } from './line-commands.ts';

/** Completes commands and, after them, usernames. @returns the completions, and the part of the line they replace */
export function completeLine(line: string, view: ViewState): [string[], string] {
  const space = line.indexOf(' ');
  if (space < 0) {
    const names = Object.keys(LINE_COMMANDS).filter((name) => name.startsWith(line.toLowerCase()));
    return [names.map((name) => `${name} `), line];
  }
  const command = line.slice(0, space).toLowerCase();
  const start = line.slice(space + 1);
  if (!Object.hasOwn(LINE_COMMANDS, command) || start.includes(' ')) return [[], line];
  const { completes } = LINE_COMMANDS[command as keyof typeof LINE_COMMANDS];
  const names = namesFor(completes, view);
  const wanted = foldUsername(start);
  return [names.filter((name) => foldUsername(name).startsWith(wanted)).map((name) => `${name} `), start];
}

function namesFor(completes: LineCommand['completes'], view: ViewState): readonly string[] {
  switch (completes) {
    case 'people':
      return peopleOf(view);
    case 'blocked':
      return view.blacklist ?? [];
    case 'aside':
      return view.privateSessions.map(({ username }) => username);
    case 'asking':
      return view.privateSessions.filter(({ state }) => state.state === 'asked').map(({ username }) => username);
    case 'nothing':
      return [];
  }
}

function peopleOf(view: ViewState): string[] {
  const names = [...view.people, ...view.conversations].flatMap(({ username }) => username ?? []);
  return [...new Set(names)].sort();
}
