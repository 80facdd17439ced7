import { SERVER_LIMITS } from '../../../src/shared/limits.ts';
import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import { firstPage, keyAfter } from '../domain/page.ts';
import type { AccountId, OnlineInterval } from '../store/store.ts';
import type { MethodOutcome } from './outcome.ts';
import type { Services, AuthenticatedSession } from './services.ts';

type Times = [from: number, to: number | null][];

/** Users who were online within the last `seconds`, with their intervals (C3). */
export async function handleListHistory(
  services: Services,
  { account: viewer }: AuthenticatedSession,
  { seconds, after }: ClientParams<'presence.history'>,
): Promise<MethodOutcome<'presence.history'>> {
  const since = services.now() - seconds * 1_000;
  const users: { username: string; intervals: Times }[] = [];
  let shown = 0;
  let from: string | undefined = keyAfter(after);
  // A read ends after a whole account and does not say whether there are more; only the next read does.
  while (from !== undefined && shown < SERVER_LIMITS.historyRows) {
    const accounts = byAccount(await services.store.intervalsSince(since, from, SERVER_LIMITS.historyRows));
    from = undefined;
    for (const [id, times] of accounts) {
      const account = services.directory.byId(id);
      if (!account) continue;
      from = account.key;
      if (account === viewer || services.blacklist.has(id, viewer.id)) continue;
      const intervals = times.slice(-SERVER_LIMITS.historyRowsPerUser);
      shown += intervals.length;
      users.push({ username: account.username, intervals });
    }
  }
  const page = firstPage(users, (user) => user.username);
  // The cursor is the name of a listed user: any other may be hidden from the viewer (C4).
  const next = page.next ?? (from === undefined ? undefined : users.at(-1)?.username);
  return { result: { users: page.entries, ...(next === undefined ? {} : { next }) } };
}

function byAccount(rows: readonly OnlineInterval[]): Map<AccountId, Times> {
  const accounts = new Map<AccountId, Times>();
  for (const { account, from, to } of rows) {
    const times = accounts.get(account) ?? [];
    times.push([from, to]);
    accounts.set(account, times);
  }
  return accounts;
}
