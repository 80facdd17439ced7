import type { CommandParams, CommandResult } from '../../../shared/client-api/contract.ts';
import type { Outcome } from '../../../shared/client-api/failure.ts';
import type { Core } from '../../state/core.ts';

/** Takes a request back (F1). */
export function cancel(
  core: Core,
  { username }: CommandParams<'private.cancel'>,
): Outcome<CommandResult<'private.cancel'>> {
  return core.privateSessions.manager.cancel(username);
}
