import type { TrayState } from '../host/windows/tray-state.ts';

const STATES: Readonly<Record<TrayState['state'], string>> = {
  locked: 'Locked',
  nobody: 'Nobody is signed in',
  'signed-out': 'Signed out',
  connecting: 'Connecting…',
  'no-connection': 'No connection',
  untrusted: 'The server is not trusted',
  online: 'Online',
};

const unread = (count: number): string => (count === 1 ? '1 unread message' : `${count} unread messages`);

/** What the shell itself says; everything else is the user interface's. */
export const STRINGS = {
  name: 'Aside',
  show: 'Show Aside',
  quit: 'Quit Aside',
  cannotOpen: 'This link could not be opened.',
  noNotifications: 'This system shows no notifications.',
  noFolder: (folder: string) =>
    `The folder for the data of Aside can be neither used nor made: ${folder}. Make room for it or let yourself write there, or name another with --data.`,
  noDebugger:
    'Aside does not let itself be controlled from outside: start it without --remote-debugging-port and --remote-debugging-pipe.',
  crashed: 'The window of Aside has crashed several times.',
  crashedDetail: 'Messages still arrive and are kept. Loading the window again changes nothing of what is kept here.',
  reload: 'Load it again',
  notDone: (label: string) => `${label}: not done`,
  unread,
  tray: {
    /** How it stands, and what waits to be read. */
    lines: ({ state, username, unread: waiting }: TrayState): readonly [string, ...string[]] => [
      username === undefined ? STATES[state] : `${username} · ${STATES[state]}`,
      ...(waiting === 0 ? [] : [unread(waiting)]),
    ],
    lock: 'Lock now',
    quiet: 'Do not disturb for an hour',
    disturb: (until: number) =>
      `Disturb me again (quiet until ${new Date(until).toLocaleTimeString(undefined, { timeStyle: 'short' })})`,
  },
} as const;
