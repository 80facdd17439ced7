import type { CommandParams, CommandResult } from '../../../shared/client-api/contract.ts';
import type { Outcome } from '../../../shared/client-api/failure.ts';
import type { Core } from '../../state/core.ts';

/** Whether this session is to be kept; it is where both say so (F7). */
export function keep(
  core: Core,
  { username, keep: wanted }: CommandParams<'private.keep'>,
): Outcome<CommandResult<'private.keep'>> {
  return core.privateSessions.manager.setKeep(username, wanted);
}
