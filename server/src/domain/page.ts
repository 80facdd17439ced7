import { LIMITS, SERVER_LIMITS } from '../../../src/shared/limits.ts';
import { utf8Bytes } from '../../../src/shared/protocol/text.ts';
import { canonicalUsername } from './usernames.ts';

/** Room for the list in one line, without the envelope and the other members of a result. */
const LIST_BYTES = LIMITS.lineBytes - SERVER_LIMITS.envelopeBytes;

/**
 * The canonical name after which a list continues. `after` is an earlier `next`; the user that it names may have left.
 */
export function keyAfter(after: string | undefined): string {
  return after === undefined ? '' : (canonicalUsername(after)?.key ?? after);
}

/** The first entries of a list that fit into one line. */
export interface Page<Entry> {
  readonly entries: Entry[];
  /** Name of the last entry, after which the list continues. Absent on the last page. */
  readonly next?: string;
}

/**
 * Cuts a list so that its answer stays within a line.
 * @param nameOf name of an entry, for `next`
 */
export function firstPage<Entry>(list: Iterable<Entry>, nameOf: (entry: Entry) => string): Page<Entry> {
  const entries: Entry[] = [];
  let bytes = 0;
  for (const entry of list) {
    bytes += utf8Bytes(JSON.stringify(entry)) + 1;
    const last = entries.at(-1);
    if (bytes > LIST_BYTES && last !== undefined) return { entries, next: nameOf(last) };
    entries.push(entry);
  }
  return { entries };
}
