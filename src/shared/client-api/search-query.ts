import { foldText } from './fold-text.ts';

/** Year, month from 1, day. */
export type Day = readonly [year: number, month: number, day: number];

/** A query of the search: words and phrases, and filters. */
export interface SearchQuery {
  /** Folded words, and folded phrases from quotation marks with single spaces. */
  readonly parts: readonly string[];
  /** `from:name`: the folded name of the sender. */
  readonly from: string | undefined;
  /** `after:2026-05-01` and `before:2026-05-01`: days in local time. */
  readonly since: Day | undefined;
  readonly until: Day | undefined;
  /** `has:link`. */
  readonly hasLink: boolean;
}

const TOKEN = /(?:"([^"]*)"?|“([^”]*)”?|„([^“”]*)[“”]?)|(\S+)/gu;
const FILTER = /^(from|before|after|has):(\S+)$/iu;

/** Reads a query. A filter with an unknown value is a word like any other. */
export function readSearchQuery(text: string): SearchQuery {
  const parts: string[] = [];
  let from: string | undefined;
  let since: Day | undefined;
  let until: Day | undefined;
  let hasLink = false;
  for (const [, plain, curved, low, word = ''] of text.matchAll(TOKEN)) {
    const phrase = plain ?? curved ?? low;
    const [, name = '', value = ''] = phrase === undefined ? (FILTER.exec(word) ?? []) : [];
    const day = readDay(value);
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

/** All white space as spaces, so that a phrase is found over the end of a line. */
export function spaced(folded: string): string {
  return folded.replaceAll(/\s/gu, ' ');
}

function readDay(text: string): Day | undefined {
  const [, year, month, day] = /^(\d{4})-(0?[1-9]|1[0-2])-(0?[1-9]|[12]\d|3[01])$/.exec(text) ?? [];
  return year === undefined ? undefined : [Number(year), Number(month), Number(day)];
}
