import type { CommandParams, CommandResult } from '../../../shared/client-api/contract.ts';
import type { Outcome } from '../../../shared/client-api/failure.ts';
import type { Core } from '../../state/core.ts';

/** Says yes or no to a request (F1). */
export function answer(
  core: Core,
  { username, accept }: CommandParams<'private.answer'>,
): Outcome<CommandResult<'private.answer'>> {
  return core.privateSessions.manager.answer(username, accept);
}
