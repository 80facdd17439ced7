import { en, type Strings } from './en.ts';

const LETTERS: Readonly<Record<string, string>> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ó',
  u: 'ú',
  A: 'Á',
  E: 'É',
  I: 'Í',
  O: 'Ó',
  U: 'Ú',
};

/** Marks a text of the catalogue, and makes it a third longer, like a translation. */
function mark(text: string): string {
  if (text === '') return '';
  const accented = text.replaceAll(/[aeiouAEIOU]/g, (letter) => LETTERS[letter] ?? letter);
  return `⟦${accented}${'~'.repeat(Math.ceil(text.length / 3))}⟧`;
}

function pseudo(value: unknown): unknown {
  if (typeof value === 'string') return mark(value);
  if (typeof value === 'function') return (...given: unknown[]) => mark(String(Reflect.apply(value, undefined, given)));
  return Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, pseudo(inner)]));
}

/** A pseudo-locale: text without brackets does not come from the catalogue. */
export const pseudoLocale = pseudo(en) as Strings;
