import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import { firstPage } from '../domain/page.ts';
import type { AccountId, Interval } from '../store/store.ts';
import type { OutcomeOf } from './outcome.ts';
import type { Services, SignedInSession } from './services.ts';

/** Intervals that one answer looks at. */
const ROWS = 5_000;
/** Intervals shown of one person, the newest ones: one person must fit into a line. */
const EACH = 1_500;

/** Who was online at any moment within the last seconds, and when (C3). */
export async function listHistory(
  services: Services,
  { account: viewer }: SignedInSession,
  { seconds, after }: ClientParams<'presence.history'>,
): Promise<OutcomeOf<'presence.history'>> {
  const since = services.now() - seconds * 1_000;
  const from = after === undefined ? '' : (services.directory.find(after)?.key ?? after);
  const rows = await services.store.intervalsSince(since, from, ROWS);
  const { people, cutAt } = group(rows);
  const users = [];
  for (const [id, intervals] of people) {
    const account = services.directory.byId(id);
    if (!account || account === viewer || services.blacklist.has(id, viewer.id)) continue;
    users.push({ username: account.username, intervals: intervals.slice(-EACH) });
  }
  const page = firstPage(users, (user) => user.username);
  const next = page.next ?? (cutAt === undefined ? undefined : services.directory.byId(cutAt)?.username);
  return { result: { users: page.entries, ...(next === undefined ? {} : { next }) } };
}

/** By person, in order. Where the rows may go on, the last person may be incomplete and is left for the next page. */
function group(rows: readonly Interval[]) {
  const people = new Map<AccountId, [number, number | null][]>();
  for (const { account, from, to } of rows) {
    const intervals = people.get(account) ?? [];
    intervals.push([from, to]);
    people.set(account, intervals);
  }
  const ids = [...people.keys()];
  if (rows.length < ROWS) return { people, cutAt: undefined };
  const last = ids.at(-1);
  if (ids.length > 1 && last !== undefined) people.delete(last);
  return { people, cutAt: ids.length > 1 ? ids.at(-2) : last };
}
