import type { CommandParams, CommandResult } from '../../../shared/client-api/contract.ts';
import { failed, type Outcome } from '../../../shared/client-api/failure.ts';
import type { Core } from '../../state/core.ts';

/** The safety number was compared, or that is taken back (F8). */
export function verify(
  core: Core,
  { username, verified }: CommandParams<'private.verify'>,
): Outcome<CommandResult<'private.verify'>> {
  try {
    return core.privateSessions.manager.verify(username, verified);
  } catch {
    return failed('storage-here');
  }
}
