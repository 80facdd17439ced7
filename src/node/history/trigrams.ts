/** Every three characters in a row, each once. Empty for a shorter text. */
export function trigramsOf(text: string): string[] {
  const characters = [...text];
  return [...new Set(characters.slice(2).map((_last, n) => characters.slice(n, n + 3).join('')))];
}
