/** Accents of European letters, points of Hebrew and Arabic. Not the vowel signs of Indic scripts, which are letters. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0670]/gu;

/**
 * Folds a text for search: case, accents and compatible characters (Unicode NFKD) do not matter, so that "Grüße" finds
 * "GRUSSE". NUL becomes a space, because the index stops at it.
 */
export function foldText(text: string): string {
  // Upper case last: unlike lower case, it does not depend on a letter's place in the word (Σ).
  return text.normalize('NFKD').replace(ACCENTS, '').toLowerCase().toUpperCase().replaceAll('\0', ' ');
}
