import type { CommandParams, CommandResult } from '../../shared/client-api/contract.ts';
import type { Outcome } from '../../shared/client-api/failure.ts';
import { runHistoryOperation } from './history-operation.ts';
import type { Core } from '../state/core.ts';

/** Looks for words in the local history, the newest first (G2). */
export function searchHistory(
  core: Core,
  params: CommandParams<'history.search'>,
): Outcome<CommandResult<'history.search'>> {
  return runHistoryOperation(() => core.ports.history.search(params));
}
