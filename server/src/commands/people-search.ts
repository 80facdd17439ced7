import { SERVER_LIMITS } from '../../../src/shared/limits.ts';
import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import type { MethodOutcome } from './outcome.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** Finds users by name prefix, without the caller and without users who have blocked the caller (C4). */
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
