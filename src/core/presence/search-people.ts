import type { CommandParams, CommandResult } from '../../shared/client-api/contract.ts';
import type { Outcome } from '../../shared/client-api/failure.ts';
import type { Core } from '../state/core.ts';

/** People whose names start so. */
export function searchPeople(
  core: Core,
  { prefix, limit }: CommandParams<'people.search'>,
): Promise<Outcome<CommandResult<'people.search'>>> {
  return core.request('people.search', { prefix, ...(limit === undefined ? {} : { limit }) });
}
