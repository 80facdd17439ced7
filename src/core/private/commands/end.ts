import type { CommandParams, CommandResult } from '../../../shared/client-api/contract.ts';
import type { Outcome } from '../../../shared/client-api/failure.ts';
import type { Core } from '../../state/core.ts';

/** Ends a session or a request, whatever its state (F6). */
export function end(core: Core, { username }: CommandParams<'private.end'>): Outcome<CommandResult<'private.end'>> {
  return core.privateSessions.manager.end(username);
}
