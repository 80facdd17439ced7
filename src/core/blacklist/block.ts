import type { CommandParams } from '../../shared/client-api/contract.ts';
import type { Done, Outcome } from '../../shared/client-api/failure.ts';
import type { Core } from '../state/core.ts';
import { readBlacklist } from './read-blacklist.ts';

/** Blocks somebody (E1). */
export async function block(core: Core, params: CommandParams<'blacklist.add'>): Promise<Outcome<Done>> {
  const outcome = await core.request('blacklist.add', params);
  // Read again rather than guessed: only the server knows how the name is written.
  if (outcome.ok) await readBlacklist(core);
  return outcome;
}
