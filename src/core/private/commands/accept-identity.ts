import type { CommandParams, CommandResult } from '../../../shared/client-api/contract.ts';
import { failed, type Outcome } from '../../../shared/client-api/failure.ts';
import type { Core } from '../../state/core.ts';

/** Accepts the changed identity that was announced (F8). */
export function acceptIdentity(
  core: Core,
  { username }: CommandParams<'private.acceptIdentity'>,
): Outcome<CommandResult<'private.acceptIdentity'>> {
  try {
    return core.aside.sessions.acceptIdentity(username);
  } catch {
    return failed('storage-here');
  }
}
