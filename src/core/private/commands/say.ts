import type { CommandParams, CommandResult } from '../../../shared/client-api/contract.ts';
import { type Outcome, succeeded } from '../../../shared/client-api/failure.ts';
import type { Core } from '../../state/core.ts';

/** Says something aside (F5). */
export function say(
  core: Core,
  { username, text }: CommandParams<'private.say'>,
): Outcome<CommandResult<'private.say'>> {
  const outcome = core.aside.sessions.say(username, text);
  return outcome.ok ? succeeded({ message: outcome.result }) : outcome;
}
