/** Distinct trigrams of a text; empty for a text of less than three characters. */
export function trigramsOf(text: string): string[] {
  const characters = [...text];
  return [...new Set(characters.slice(2).map((_last, n) => characters.slice(n, n + 3).join('')))];
}
