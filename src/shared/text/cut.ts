const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** Longest character as users see one, in code units; a longer one, such as a letter with 100 marks, is left out. */
const CHARACTER_UNITS = 64;

/**
 * The beginning of a text, cut at a whole character as users see one: a flag, a family or a letter with its marks is
 * never divided (G12). Lone surrogates are repaired.
 * @param length in characters, at most
 */
export function firstCharacters(text: string, length: number): string {
  return cut(text, length).toWellFormed();
}

/** The same, with an ellipsis as its last character if something is cut. */
export function shortened(text: string, length: number): string {
  if (cut(text, length).length === text.length) return text.toWellFormed();
  return `${firstCharacters(text, length - 1).trimEnd()}…`;
}

/** The index of the character that contains the code unit at `index`; for ranges that must not divide a character. */
export function characterStart(text: string, index: number): number {
  const from = Math.max(0, index - CHARACTER_UNITS);
  const around = text.slice(from, index + CHARACTER_UNITS);
  return from + (segmenter.segment(around).containing(index - from)?.index ?? index - from);
}

function cut(text: string, length: number): string {
  // The segmenter reads a bounded part: a text may have a megabyte.
  const part = text.slice(0, length * CHARACTER_UNITS);
  let end = 0;
  let count = 0;
  for (const { index, segment } of segmenter.segment(part)) {
    if (count === length) return part.slice(0, index);
    // The bound of the part may divide its last character.
    end = index + segment.length === part.length && part.length < text.length ? index : index + segment.length;
    count++;
  }
  return part.slice(0, end);
}
