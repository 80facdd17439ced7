import { SERVER_LIMITS } from '../../../src/shared/limits.ts';
import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import type { MethodOutcome } from './outcome.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** People by the beginning of their name, but oneself and those who do not want to be found (C4). */
export function handleSearchPeople(
  services: Services,
  { account: viewer }: AuthenticatedSession,
  { prefix, limit }: ClientParams<'people.search'>,
): MethodOutcome<'people.search'> {
  const found = services.directory.search(
    prefix,
    limit ?? SERVER_LIMITS.searchResults,
    (account) => account !== viewer && !services.blacklist.has(account.id, viewer.id),
  );
  return {
    result: { users: found.map(({ id, username }) => ({ username, online: services.presence.has(id) })) },
  };
}
