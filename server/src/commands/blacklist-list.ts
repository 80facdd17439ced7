import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import { byKey } from '../domain/directory.ts';
import { firstPage, keyAfter } from '../domain/page.ts';
import type { Account } from '../store/store.ts';
import type { MethodOutcome } from './outcome.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** Users blocked by the caller (E1), in order of name. */
export function handleListBlocked(
  services: Services,
  { account }: AuthenticatedSession,
  { after }: ClientParams<'blacklist.list'>,
): MethodOutcome<'blacklist.list'> {
  const from = keyAfter(after);
  const blocked: Account[] = [];
  for (const id of services.blacklist.of(account.id)) {
    const other = services.directory.byId(id);
    if (other && other.key > from) blocked.push(other);
  }
  const names = blocked.sort(byKey).map((other) => other.username);
  const { entries, ...more } = firstPage(names, (name) => name);
  return { result: { users: entries, ...more } };
}
