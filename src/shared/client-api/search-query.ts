import { foldText } from './fold-text.ts';
import type { Message } from './view-state.ts';

/** A query of the search: words and phrases, and filters. */
export interface SearchQuery {
  /** Folded words, and folded phrases from quotation marks with single spaces. */
  readonly parts: readonly string[];
  /** `from:name`: the folded name of the sender. */
  readonly from: string | undefined;
  /** `after:2026-05-01` and `before:2026-05-01`: days in local time. */
  readonly since: number | undefined;
  readonly until: number | undefined;
  /** `has:link`. */
  readonly hasLink: boolean;
}

const TOKEN = /(?:"([^"]*)"?|“([^”]*)”?|„([^“”]*)[“”]?)|(\S+)/gu;
const FILTER = /^(from|before|after|has):(\S+)$/iu;
const LINK = /https?:\/\/\S|\bwww\.\S/iu;

/** Reads a query. A filter with an unknown value is a word like any other. */
export function readSearchQuery(text: string): SearchQuery {
  const parts: string[] = [];
  let from: string | undefined;
  let since: number | undefined;
  let until: number | undefined;
  let hasLink = false;
  for (const [, plain, curved, low, word = ''] of text.matchAll(TOKEN)) {
    const phrase = plain ?? curved ?? low;
    const [, name = '', value = ''] = phrase === undefined ? (FILTER.exec(word) ?? []) : [];
    const day = startOfDay(value);
    switch (name.toLowerCase()) {
      case 'from':
        from = foldText(value.replace(/^@/, ''));
        continue;
      case 'after':
        if (day === undefined) break;
        since = day;
        continue;
      case 'before':
        if (day === undefined) break;
        until = day;
        continue;
      case 'has':
        if (value.toLowerCase() !== 'link') break;
        hasLink = true;
        continue;
      default:
    }
    const folded = spaced(foldText(phrase ?? word))
      .replaceAll(/ +/g, ' ')
      .trim();
    if (folded !== '') parts.push(folded);
  }
  return { parts, from, since, until, hasLink };
}

/** Whether a query has neither words nor filters. */
export function isEmptyQuery({ parts, from, since, until, hasLink }: SearchQuery): boolean {
  return parts.length === 0 && from === undefined && since === undefined && until === undefined && !hasLink;
}

/** Whether a message matches all of a query. */
export function matchesQuery({ text, from, at }: Pick<Message, 'text' | 'from' | 'at'>, query: SearchQuery): boolean {
  if (query.from !== undefined && foldText(from) !== query.from) return false;
  if (query.since !== undefined && at < query.since) return false;
  if (query.until !== undefined && at >= query.until) return false;
  if (query.hasLink && !LINK.test(text)) return false;
  const folded = spaced(foldText(text));
  return query.parts.every((part) => folded.includes(part));
}

/** All white space as spaces, so that a phrase is found over the end of a line. */
export function spaced(folded: string): string {
  return folded.replaceAll(/\s/gu, ' ');
}

/** The first moment of a day in local time; undefined for a text that is no day. */
function startOfDay(text: string): number | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const date = new Date(Number(year), Number(month) - 1, Number(day));
  return date.getMonth() === Number(month) - 1 ? date.getTime() : undefined;
}
