import type { CommandParams, CommandResult } from '../../../shared/client-api/contract.ts';
import type { Outcome } from '../../../shared/client-api/failure.ts';
import type { Core } from '../../state/core.ts';

/** The number to compare with somebody (F8). */
export function safetyNumber(
  core: Core,
  { username }: CommandParams<'private.safetyNumber'>,
): Outcome<CommandResult<'private.safetyNumber'>> {
  return core.privateSessions.manager.safetyNumber(username);
}
