/** The first word, and the text after the one white space that ends it. */
export function splitWord(text: string): [string, string] {
  const match = /^(\S+)\s?(.*)$/su.exec(text.replace(/^\s+/u, ''));
  return [match?.[1] ?? '', match?.[2] ?? ''];
}

/** Reads no parameters. */
export function nothing(rest: string): Record<string, never> | undefined {
  return rest.trim() === '' ? {} : undefined;
}

/** Reads exactly one word. */
export function oneWord(rest: string): string | undefined {
  const [word, more] = splitWord(rest);
  return word === '' || more.trim() !== '' ? undefined : word;
}

/** Reads exactly one username. */
export function oneUser(rest: string): { user: string } | undefined {
  const user = oneWord(rest);
  return user === undefined ? undefined : { user };
}

export function onOrOff(word: string): boolean | undefined {
  const wanted = word.trim().toLowerCase();
  if (wanted === 'on') return true;
  return wanted === 'off' ? false : undefined;
}
