import type { CommandParams, CommandResult } from '../../../shared/client-api/contract.ts';
import { failed, type Outcome } from '../../../shared/client-api/failure.ts';
import type { Core } from '../../state/core.ts';

/** Accepts the changed identity that was announced (F8). */
export function acceptIdentity(
  core: Core,
  { username }: CommandParams<'private.acceptIdentity'>,
): Outcome<CommandResult<'private.acceptIdentity'>> {
  try {
    const outcome = core.privateSessions.manager.acceptIdentity(username);
    if (outcome.ok || outcome.failure.reason !== 'identity-unknown') return outcome;
    const text = 'No changed device identity of this person is waiting to be accepted.';
    return { ok: false, failure: { ...outcome.failure, text } };
  } catch {
    return failed('storage-here');
  }
}
