/** Accents of European letters, and the points of Hebrew and Arabic. Not the vowel signs of Indic scripts: those are letters. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0670]/gu;

/**
 * A text as it is looked for: without case, accents and the differences between compatible characters (Unicode NFKD),
 * so that "Grüße" and "GRUSSE" are the same. Also without NUL, where the index would stop reading.
 */
export function foldText(text: string): string {
  // Upper case last: it is the one that does not depend on a letter's place in the word (Σ).
  return text.normalize('NFKD').replace(ACCENTS, '').toLowerCase().toUpperCase().replaceAll('\0', ' ');
}
