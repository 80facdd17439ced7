/**
 * Size of a text in UTF-8.
 * @param text valid Unicode (no lone surrogates)
 * @returns bytes
 */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // A surrogate pair is two units and four bytes: two per unit, as for U+0080 to U+07FF.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** Whether a text fits a bound in UTF-8 bytes; counts only if the length alone does not decide. */
export function fitsBytes(text: string, limit: number): boolean {
  if (text.length * 3 <= limit) return true;
  return text.length <= limit && utf8Bytes(text) <= limit;
}

/** Number of characters (code points) of a text. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Whether a text fits a bound in characters (code points); counts only if the length alone does not decide. */
export function fitsCharacters(text: string, limit: number): boolean {
  if (text.length <= limit) return true;
  return text.length <= limit * 2 && characters(text) <= limit;
}
