import type { Action } from './action.ts';

/** One command as a line of text. */
export interface LineCommand {
  readonly usage: string;
  readonly about: string;
  /** Whose names complete what comes after the command. */
  readonly completes: 'people' | 'blocked' | 'aside' | 'asking' | 'nothing';
  /** @param rest what follows the command and one space; @returns undefined where that is not understood */
  read(rest: string): Action | undefined;
}

/** The first word, and everything after the one white space that ends it. */
export function splitWord(text: string): [string, string] {
  const match = /^(\S+)\s?(.*)$/su.exec(text.replace(/^\s+/u, ''));
  return [match?.[1] ?? '', match?.[2] ?? ''];
}

/** A command that takes nothing. */
export function alone(action: Action): LineCommand['read'] {
  return (rest) => (rest.trim() === '' ? action : undefined);
}

/** A command that takes exactly one word. */
export function oneWord(action: (word: string) => Action | undefined): LineCommand['read'] {
  return (rest) => {
    const [word, more] = splitWord(rest);
    return word === '' || more.trim() !== '' ? undefined : action(word);
  };
}
