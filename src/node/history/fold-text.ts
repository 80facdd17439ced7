/**
 * A text as it is looked for: without case, accents and the differences between compatible characters (Unicode NFKD),
 * so that "grüße" and "GRUSSE" are the same. Also without NUL, where the index would stop reading.
 */
export function foldText(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase().toLowerCase().replaceAll('\0', ' ');
}

/** Every three characters in a row, each once. Empty for a shorter text. */
export function trigramsOf(text: string): string[] {
  const characters = [...text];
  return [...new Set(characters.slice(2).map((_last, n) => characters.slice(n, n + 3).join('')))];
}
