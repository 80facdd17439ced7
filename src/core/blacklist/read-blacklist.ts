import type { CommandResult } from '../../shared/client-api/contract.ts';
import type { Outcome } from '../../shared/client-api/failure.ts';
import { pageAfter, readPages } from '../presence/read-pages.ts';
import type { Core } from '../state/core.ts';

/** Whom one has blocked (E1). */
export async function readBlacklist(core: Core): Promise<Outcome<CommandResult<'blacklist.list'>>> {
  const outcome = await readPages((after) => core.request('blacklist.list', pageAfter(after)));
  if (outcome.ok) core.emit('blacklist.replaced', outcome.result);
  return outcome;
}
