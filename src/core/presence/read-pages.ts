import { CLIENT_LIMITS } from '../../shared/limits.ts';
import { type Outcome, succeeded } from '../../shared/client-api/failure.ts';

interface Page<T> {
  readonly users: readonly T[];
  readonly next?: string | undefined;
}

/**
 * Reads a list that may be longer than one line, page by page.
 * @param read requests the page after a username (undefined: the first)
 */
export async function readPages<T>(
  read: (after: string | undefined) => Promise<Outcome<Page<T>>>,
  after?: string,
): Promise<Outcome<{ users: T[] }>> {
  const users: T[] = [];
  let from = after;
  for (let page = 0; page < CLIENT_LIMITS.pages; page++) {
    const outcome = await read(from);
    if (!outcome.ok) return outcome;
    users.push(...outcome.result.users);
    from = outcome.result.next;
    if (from === undefined) break;
  }
  return succeeded({ users });
}

/** The `after` parameter of a page request; absent for the first page. */
export function pageAfter(after: string | undefined): { after?: string } {
  return after === undefined ? {} : { after };
}
