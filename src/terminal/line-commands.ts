import type { CommandName } from './action.ts';
import { alone, type LineCommand, oneWord, splitWord } from './line-command.ts';
import { PRIVATE_COMMANDS } from './private-commands.ts';

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
  find: {
    usage: 'find <text>',
    about: 'messages kept on this computer with these words or parts of them',
    completes: 'nothing',
    read: (text) => (text.trim() === '' ? undefined : { command: 'find', text }),
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
  ...PRIVATE_COMMANDS,
  help: { usage: 'help', about: 'this list', completes: 'nothing', read: () => ({ command: 'help' }) },
  logout: { usage: 'logout', about: 'sign out and leave', completes: 'nothing', read: alone({ command: 'logout' }) },
};

const readOwnName = oneWord((user) => ({ command: 'delete-account', user }));
