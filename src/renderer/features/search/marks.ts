import { foldText } from '../../../shared/client-api/fold-text.ts';
import { readSearchQuery, spaced } from '../../../shared/client-api/search-query.ts';
import { characterStart } from '../../../shared/text/cut.ts';

/** A part of a snippet; matches are marked. */
export interface SnippetPart {
  readonly text: string;
  readonly marked: boolean;
}

/** A range of indices in a text. */
export type TextRange = readonly [from: number, to: number];

/** Longest snippet, in characters. */
const SHOWN = 160;
/** Characters of a snippet before its first match. */
const BEFORE = 40;

/** The ranges of a text that match, by the rule of the search; in order, without overlaps. */
export function rangesOf(text: string, words: string): readonly TextRange[] {
  const { parts } = readSearchQuery(words);
  const { folded: exact, starts, ends } = foldedWithPlaces(text);
  const folded = spaced(exact);
  const found: TextRange[] = [];
  for (const part of parts) {
    for (let at = folded.indexOf(part); at >= 0; at = folded.indexOf(part, at + part.length)) {
      found.push([starts[at] ?? 0, ends[at + part.length - 1] ?? text.length]);
    }
  }
  return joined(found.sort(([one], [other]) => one - other));
}

/** The part of a text around its first match. */
export function snippetOf(text: string, words: string): readonly SnippetPart[] {
  const ranges = rangesOf(text, words);
  const first = ranges[0]?.[0] ?? 0;
  const from = first <= BEFORE ? 0 : text.indexOf(' ', first - BEFORE) + 1 || characterStart(text, first - BEFORE);
  const begin = Math.min(from, first);
  const end = begin + SHOWN < text.length ? characterStart(text, begin + SHOWN) : text.length;
  const parts: SnippetPart[] = begin > 0 ? [{ text: '…', marked: false }] : [];
  let at = begin;
  const add = (to: number, marked: boolean): void => {
    if (to > at) parts.push({ text: text.slice(at, to).replaceAll(/\s+/g, ' '), marked });
    at = Math.max(at, to);
  };
  for (const [start, stop] of ranges) {
    if (start >= end) break;
    add(start, false);
    add(Math.min(stop, end), true);
  }
  add(end, false);
  return end < text.length ? [...parts, { text: '…', marked: false }] : parts;
}

function foldedWithPlaces(text: string): { folded: string; starts: readonly number[]; ends: readonly number[] } {
  let folded = '';
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const character of text) {
    const piece = foldText(character);
    for (let n = 0; n < piece.length; n++) {
      starts.push(at);
      ends.push(at + character.length);
    }
    folded += piece;
    at += character.length;
  }
  return { folded, starts, ends };
}

function joined(ranges: readonly TextRange[]): readonly TextRange[] {
  const result: TextRange[] = [];
  for (const [from, to] of ranges) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1]) result[result.length - 1] = [last[0], Math.max(last[1], to)];
    else result.push([from, to]);
  }
  return result;
}
