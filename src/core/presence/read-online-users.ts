import type { Person } from '../../shared/client-api/view-state.ts';
import type { Core } from '../state/core.ts';
import { pageAfter, readPages } from './read-pages.ts';

/**
 * Reads the online users after the first page, which came with signing in. Users that came or left in between are in
 * the view already and are not overwritten.
 */
export async function readOnlineUsers(core: Core, after: string): Promise<void> {
  const connection = core.connector.onlineConnection;
  const outcome = await readPages<Person>((from) => core.request('presence.online', pageAfter(from)), after);
  if (!outcome.ok || core.connector.onlineConnection !== connection) return;
  const known = core.view().people;
  const names = new Set(known.map(({ username }) => username));
  core.emit('people.replaced', {
    people: [...known, ...outcome.result.users.filter((one) => !names.has(one.username))],
  });
}
