import type { Action, PrivateAction } from './action.ts';
import { alone, type LineCommand, oneWord, splitWord } from './line-command.ts';

/** Commands about talking aside. */
export const PRIVATE_COMMANDS: { readonly [K in PrivateAction['command']]: LineCommand } = {
  startprivate: {
    usage: 'startprivate <user> [note]',
    about: 'ask somebody to talk aside, from your computer to theirs',
    completes: 'people',
    read(rest) {
      const [user, note] = splitWord(rest);
      if (user === '') return undefined;
      return note.trim() === '' ? { command: 'startprivate', user } : { command: 'startprivate', user, note };
    },
  },
  yes: {
    usage: 'yes [user]',
    about: 'talk aside with somebody who asks; the beginning of the name is enough',
    completes: 'asking',
    read: optionalWord((user) => ({ command: 'yes', user })),
  },
  no: {
    usage: 'no [user]',
    about: 'do not',
    completes: 'asking',
    read: optionalWord((user) => ({ command: 'no', user })),
  },
  private: {
    usage: 'private <user> <text>',
    about: 'say something aside, which no server can read',
    completes: 'aside',
    read(rest) {
      const [user, text] = splitWord(rest);
      return user === '' || text === '' ? undefined : { command: 'private', user, text };
    },
  },
  stopprivate: {
    usage: 'stopprivate <user>',
    about: 'end it, or take the question back',
    completes: 'aside',
    read: oneWord((user) => ({ command: 'stopprivate', user })),
  },
  aside: {
    usage: 'aside',
    about: 'with whom you talk aside, and which way the words go',
    completes: 'nothing',
    read: alone({ command: 'aside' }),
  },
  safety: {
    usage: 'safety <user>',
    about: 'the safety number to compare with somebody',
    completes: 'people',
    read: oneWord((user) => ({ command: 'safety', user })),
  },
  verify: {
    usage: 'verify <user> [off]',
    about: 'you have compared it, and it is the same',
    completes: 'people',
    read(rest) {
      const [user, more] = splitWord(rest);
      if (user === '' || !['', 'off'].includes(more.trim())) return undefined;
      return { command: 'verify', user, verified: more.trim() === '' };
    },
  },
  accept: {
    usage: 'accept <user>',
    about: "accept somebody's changed device identity",
    completes: 'people',
    read: oneWord((user) => ({ command: 'accept', user })),
  },
  keep: {
    usage: 'keep <user> on|off',
    about: 'keep what you say aside; only where the other wants it too',
    completes: 'aside',
    read(rest) {
      const [user, more] = splitWord(rest);
      const keep = onOrOff(more);
      return user === '' || keep === undefined ? undefined : { command: 'keep', user, keep };
    },
  },
  reveal: {
    usage: 'reveal [on|off [user]]',
    about: 'whether those you talk aside with may learn your address',
    completes: 'nothing',
    read(rest) {
      const [word, more] = splitWord(rest);
      const [user, tooMuch] = splitWord(more);
      const reveal = onOrOff(word);
      if (tooMuch.trim() !== '' || (word !== '' && reveal === undefined)) return undefined;
      if (reveal === undefined) return { command: 'reveal' };
      return user === '' ? { command: 'reveal', reveal } : { command: 'reveal', reveal, user };
    },
  },
};

function optionalWord(action: (word: string | undefined) => Action): LineCommand['read'] {
  return (rest) => {
    const [word, more] = splitWord(rest);
    return more.trim() === '' ? action(word === '' ? undefined : word) : undefined;
  };
}

function onOrOff(word: string): boolean | undefined {
  const wanted = word.trim().toLowerCase();
  if (wanted === 'on') return true;
  return wanted === 'off' ? false : undefined;
}
