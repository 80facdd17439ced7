/** Direction marks and overrides can make a line read as something that it is not. */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const CONTROL = /[\p{Cc}\u2028\u2029]/gu;
const LINE_END = /\r\n|[\n\u2028\u2029]/u;

/**
 * Makes a text of another user safe for a terminal, on one line: control characters become visible signs, so that the
 * text cannot move the cursor, change colours or titles, or imitate a line of this program.
 */
export function printable(text: string): string {
  return text
    .replaceAll('\t', '    ')
    .replace(CONTROL, visible)
    .replace(BIDI, (mark) => `<${codePoint(mark)}>`);
}

/** The same for a text of several lines: lines after the first are indented. */
export function printableLines(text: string, indent = '    '): string {
  return text.split(LINE_END).map(printable).join(`\n${indent}`);
}

function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : `<${codePoint(character)}>`;
}

function codePoint(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
