/** Accents of European letters, points of Hebrew and Arabic. Not the vowel signs of Indic scripts, which are letters. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670]/gu;
/** Soft hyphens, zero-width characters, marks of direction, variation selectors. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
/** Letters that Unicode does not decompose, in upper case. */
const LETTERS: Readonly<Record<string, string>> = { Ł: 'L', Ø: 'O', Đ: 'D', Ħ: 'H', Ŧ: 'T', Æ: 'AE', Œ: 'OE' };

/**
 * Folds a text for search: case, accents, invisible and compatible characters (Unicode NFKD) do not matter, so that
 * "Grüße" finds "GRUSSE". NUL becomes a space, because the index stops at it. A change
 * of this function needs a migration that empties the index of the history.
 */
export function foldText(text: string): string {
  // Upper case last: unlike lower case, it does not depend on a letter's place in the word (Σ).
  return text
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .replace(INVISIBLE, '')
    .toLowerCase()
    .replaceAll('\u0307', '')
    .toUpperCase()
    .replace(/[ŁØĐĦŦÆŒ]/gu, (letter) => LETTERS[letter] ?? letter)
    .replaceAll('\0', ' ');
}
