import type { CommandResult } from '../../shared/client-api/contract.ts';
import type { Outcome } from '../../shared/client-api/failure.ts';
import { pageAfter, readPages } from '../presence/read-pages.ts';
import type { CommandHandlers, CommandsOf } from '../state/command-handlers.ts';
import type { CoreAccess } from '../state/core-access.ts';

/** Commands of the blacklist (E1). */
export const BLACKLIST_HANDLERS: CommandHandlers<CommandsOf<'blacklist'>> = {
  async 'blacklist.add'(core, params) {
    const outcome = await core.request('blacklist.add', params);
    // The list is read again because only the server knows the spelling of the username.
    if (outcome.ok) await readBlacklist(core);
    return outcome;
  },
  async 'blacklist.remove'(core, params) {
    const outcome = await core.request('blacklist.remove', params);
    if (outcome.ok) await readBlacklist(core);
    return outcome;
  },
  'blacklist.list': readBlacklist,
};

/** Reads the users that the signed-in user has blocked, and updates the view. */
export async function readBlacklist(core: CoreAccess): Promise<Outcome<CommandResult<'blacklist.list'>>> {
  const outcome = await readPages((after) => core.request('blacklist.list', pageAfter(after)));
  if (outcome.ok) core.emit('blacklist.replaced', outcome.result);
  return outcome;
}
