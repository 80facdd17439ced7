/** A run of the same mark in a text. */
export interface MarkRun {
  /** Number of mark characters. */
  readonly length: number;
  readonly opens: boolean;
  readonly closes: boolean;
}

/** White space, and East Asian punctuation, which stands without spaces. */
const SPACE = /[\s\u3000-\u303F\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40]/u;
/** Punctuation before a word, and after a word. */
const OPENING = /[("'“‘«‹„‚[{¿¡—–*_~]/u;
const CLOSING = /[)"'”’»›“‘\]}.,;:!?…—–*_~]/u;
/** Characters that the marked words may begin with; a file pattern such as `*.c` begins with another one. */
const BEGINS = /[\p{L}\p{N}\p{M}\p{RI}\p{Extended_Pictographic}@#"'“‘«„(¿¡`*_~\\]/u;
/** Characters before which marked words cannot end: those of paths and operators. */
const NEVER_ENDS = /[\s/\\|=<([{&^$]/u;
const QUOTE = /["']/;
/** Punctuation between a mark and the white space at its word boundary, in characters: bounds the work. */
const REACH = 12;
const LONGEST_NAME = 128;
/** Longest run of a mark. Two underscores are no mark: names such as `__init__` have them. */
const LONGEST: Readonly<Record<string, number>> = { '*': 3, _: 1 };

/** Whether a word can begin at `end`: before, there is only opening punctuation after white space. */
export function beginsWord(text: string, end: number): boolean {
  for (let at = end - 1; at >= 0 && at >= end - REACH; at--) {
    const character = text.charAt(at);
    if (SPACE.test(character)) return true;
    if (!OPENING.test(character)) return false;
  }
  return end <= REACH;
}

/** Whether a word can end at `start`: up to white space or `limit`, there is only closing punctuation. */
export function endsWord(text: string, start: number, limit: number): boolean {
  for (let at = start; at < limit && at < start + REACH; at++) {
    const character = text.charAt(at);
    if (SPACE.test(character)) return true;
    if (!CLOSING.test(character)) return false;
  }
  return limit - start <= REACH;
}

/**
 * Reads the marks at `start`. They form only at word boundaries, so that names, paths and formulas stay as written (G12).
 * @param before the end of the text before the marks; less than `start` if a backslash is between them
 * @param limit the end of the text that the marks belong to, such as the label of a link
 */
export function readMarkRun(text: string, start: number, before = start, limit = text.length): MarkRun {
  const mark = text.charAt(start);
  let end = start;
  while (end < limit && text.charAt(end) === mark) end++;
  const length = end - start;
  const fits = mark === '~' ? length === 2 : length <= (LONGEST[mark] ?? 0);
  if (!fits || (mark === '_' && isIdentifier(text, start, end))) return { length, opens: false, closes: false };
  const previous = text.charAt(before - 1);
  const next = String.fromCodePoint(text.codePointAt(end) ?? 0x20);
  // A quoted mark, such as "*", is no mark.
  const quoted = QUOTE.test(previous) && QUOTE.test(next);
  return {
    length,
    opens: !quoted && BEGINS.test(next) && beginsWord(text, before),
    closes: !quoted && previous !== '' && !NEVER_ENDS.test(previous) && endsWord(text, end, limit),
  };
}

/** Whether the underscores belong to a name with more underscores inside, such as `_GUARD_H_`. */
function isIdentifier(text: string, start: number, end: number): boolean {
  const before = /[\p{L}\p{N}_]*$/u.exec(text.slice(Math.max(0, start - LONGEST_NAME), start))?.[0] ?? '';
  const after = /^[\p{L}\p{N}_]*/u.exec(text.slice(end, end + LONGEST_NAME))?.[0] ?? '';
  const word = `${before}_${after}`;
  return /[^_]_+[^_]/u.test(word);
}
