import type { Action, CommandName } from './action.ts';

/** One command as a line of text. */
export interface LineCommand {
  readonly usage: string;
  readonly about: string;
  /** Whose names complete what comes after the command. */
  readonly completes: 'people' | 'blocked' | 'nothing';
  /** @param rest what follows the command and one space; @returns undefined where that is not understood */
  read(rest: string): Action | undefined;
}

const LATER = 'talking aside comes in a later version';

/** Every command of the terminal, in the order in which `help` tells them. A missing one does not compile. */
export const LINE_COMMANDS: { readonly [K in CommandName]: LineCommand } = {
  message: {
    usage: 'message <user> <text>',
    about: 'write to somebody; kept for them if they are away',
    completes: 'people',
    read(rest) {
      const [to, text] = splitWord(rest);
      return to === '' || text === '' ? undefined : { command: 'message', to, text };
    },
  },
  broadcast: {
    usage: 'broadcast <text>',
    about: 'say something to everyone who is online',
    completes: 'nothing',
    read: (text) => (text.trim() === '' ? undefined : { command: 'broadcast', text }),
  },
  whoelse: {
    usage: 'whoelse',
    about: 'who else is online',
    completes: 'nothing',
    read: alone({ command: 'whoelse' }),
  },
  whoelsesince: {
    usage: 'whoelsesince <seconds>',
    about: 'who else was online within that time, and when',
    completes: 'nothing',
    read(rest) {
      const seconds = /^\d{1,10}$/.test(rest.trim()) ? Number(rest) : undefined;
      return seconds === undefined ? undefined : { command: 'whoelsesince', seconds };
    },
  },
  search: {
    usage: 'search <prefix>',
    about: 'people whose names start so',
    completes: 'people',
    read: oneWord((prefix) => ({ command: 'search', prefix })),
  },
  block: {
    usage: 'block <user>',
    about: 'hear nothing more from somebody',
    completes: 'people',
    read: oneWord((user) => ({ command: 'block', user })),
  },
  unblock: {
    usage: 'unblock <user>',
    about: 'hear from them again',
    completes: 'blocked',
    read: oneWord((user) => ({ command: 'unblock', user })),
  },
  blacklist: {
    usage: 'blacklist',
    about: 'whom you have blocked',
    completes: 'nothing',
    read: alone({ command: 'blacklist' }),
  },
  outbox: {
    usage: 'outbox',
    about: 'messages that wait here to be sent',
    completes: 'nothing',
    read: alone({ command: 'outbox' }),
  },
  cancel: {
    usage: 'cancel <number>',
    about: 'do not send that message of the outbox',
    completes: 'nothing',
    read: oneWord((word) => (/^\d{1,6}$/.test(word) ? { command: 'cancel', number: Number(word) } : undefined)),
  },
  password: {
    usage: 'password',
    about: 'change your password',
    completes: 'nothing',
    read: alone({ command: 'password' }),
  },
  'delete-account': {
    usage: 'delete-account <own name>',
    about: 'delete your account at the server',
    completes: 'nothing',
    read: (rest) => (rest.trim() === '' ? { command: 'delete-account' } : readOwnName(rest)),
  },
  startprivate: {
    usage: 'startprivate <user>',
    about: LATER,
    completes: 'people',
    read: () => ({ command: 'startprivate' }),
  },
  private: { usage: 'private <user> <text>', about: LATER, completes: 'people', read: () => ({ command: 'private' }) },
  stopprivate: {
    usage: 'stopprivate <user>',
    about: LATER,
    completes: 'people',
    read: () => ({ command: 'stopprivate' }),
  },
  yes: { usage: 'yes <user>', about: LATER, completes: 'people', read: () => ({ command: 'yes' }) },
  no: { usage: 'no <user>', about: LATER, completes: 'people', read: () => ({ command: 'no' }) },
  help: { usage: 'help', about: 'this list', completes: 'nothing', read: () => ({ command: 'help' }) },
  logout: { usage: 'logout', about: 'sign out and leave', completes: 'nothing', read: alone({ command: 'logout' }) },
};

/** The first word, and everything after the one white space that ends it. */
export function splitWord(text: string): [string, string] {
  const match = /^(\S+)\s?(.*)$/su.exec(text.replace(/^\s+/u, ''));
  return [match?.[1] ?? '', match?.[2] ?? ''];
}

function alone(action: Action): LineCommand['read'] {
  return (rest) => (rest.trim() === '' ? action : undefined);
}

function oneWord(action: (word: string) => Action | undefined): LineCommand['read'] {
  return (rest) => {
    const [word, more] = splitWord(rest);
    return word === '' || more.trim() !== '' ? undefined : action(word);
  };
}

const readOwnName = oneWord((user) => ({ command: 'delete-account', user }));
