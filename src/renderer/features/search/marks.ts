import { foldText } from '../../../shared/client-api/fold-text.ts';

/** A part of a text, of which what was looked for is marked. */
export interface SnippetPart {
  readonly text: string;
  readonly marked: boolean;
}

/** From which place in a text to which. */
export type TextRange = readonly [from: number, to: number];

/** Characters of a text that are shown of a message. */
const SHOWN = 160;
/** Of those, how many stand before the first that was found. */
const BEFORE = 40;

/** Where a text has what was looked for, by the same rule as the search itself; in order, and never overlapping. */
export function rangesOf(text: string, words: string): readonly TextRange[] {
  const parts = foldText(words).split(/\s+/u).filter(Boolean);
  const { folded, starts, ends } = foldedWithPlaces(text);
  const found: TextRange[] = [];
  for (const part of parts) {
    for (let at = folded.indexOf(part); at >= 0; at = folded.indexOf(part, at + part.length)) {
      found.push([starts[at] ?? 0, ends[at + part.length - 1] ?? text.length]);
    }
  }
  return joined(found.sort(([one], [other]) => one - other));
}

/** A part of a text with the first place that was found, as parts. */
export function snippetOf(text: string, words: string): readonly SnippetPart[] {
  const ranges = rangesOf(text, words);
  const first = ranges[0]?.[0] ?? 0;
  const from = first <= BEFORE ? 0 : text.indexOf(' ', first - BEFORE) + 1 || first - BEFORE;
  const begin = Math.min(from, first);
  const end = Math.min(text.length, begin + SHOWN);
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
