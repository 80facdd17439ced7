import { foldText } from '../../shared/client-api/fold-text.ts';
import { type Day, type SearchQuery, spaced } from '../../shared/client-api/search-query.ts';
import type { Message } from '../../shared/client-api/view-state.ts';

const LINK = /https?:\/\/\S|\bwww\.\S/iu;

/** Whether a message matches all of a query. */
export function matchesQuery({ text, from, at }: Pick<Message, 'text' | 'from' | 'at'>, query: SearchQuery): boolean {
  if (query.from !== undefined && foldText(from) !== query.from) return false;
  if (query.since !== undefined && at < startOf(query.since)) return false;
  if (query.until !== undefined && at >= startOf(query.until)) return false;
  if (query.hasLink && !LINK.test(text)) return false;
  const folded = spaced(foldText(text));
  return query.parts.every((part) => folded.includes(part));
}

/** The first moment of a day in local time. */
function startOf([year, month, day]: Day): number {
  return new Date(year, month - 1, day).getTime();
}
