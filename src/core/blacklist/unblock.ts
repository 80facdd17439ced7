import type { CommandParams } from '../../shared/client-api/contract.ts';
import type { Done, Outcome } from '../../shared/client-api/failure.ts';
import type { Core } from '../state/core.ts';
import { readBlacklist } from './read-blacklist.ts';

/** Unblocks somebody (E1). */
export async function unblock(core: Core, params: CommandParams<'blacklist.remove'>): Promise<Outcome<Done>> {
  const outcome = await core.request('blacklist.remove', params);
  if (outcome.ok) await readBlacklist(core);
  return outcome;
}
