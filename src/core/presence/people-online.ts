import type { CommandParams, CommandResult } from '../../shared/client-api/contract.ts';
import type { Outcome } from '../../shared/client-api/failure.ts';
import type { Person } from '../../shared/client-api/view-state.ts';
import type { Core } from '../state/core.ts';
import { pageAfter, readPages } from './read-pages.ts';

/** Who is online now, without oneself (C2). */
export function peopleOnline(core: Core): Promise<Outcome<CommandResult<'presence.online'>>> {
  return readPages((after) => core.request('presence.online', pageAfter(after)));
}

/** Who was online within a time, with the intervals (C3). */
export function onlineHistory(
  core: Core,
  { seconds }: CommandParams<'presence.history'>,
): Promise<Outcome<CommandResult<'presence.history'>>> {
  return readPages((after) => core.request('presence.history', { seconds, ...pageAfter(after) }));
}

/**
 * Completes the list of people that came with signing in, where it was only the first page. Who came or left
 * meanwhile has been told already and is not overwritten.
 */
export async function readMorePeople(core: Core, after: string): Promise<void> {
  const connection = core.connector.onlineConnection;
  const outcome = await readPages<Person>((from) => core.request('presence.online', pageAfter(from)), after);
  if (!outcome.ok || core.connector.onlineConnection !== connection) return;
  const known = core.view().people;
  const names = new Set(known.map(({ username }) => username));
  core.emit('people.replaced', {
    people: [...known, ...outcome.result.users.filter((one) => !names.has(one.username))],
  });
}
