import type { CommandParams, CommandResult } from '../../../shared/client-api/contract.ts';
import { failed, type Outcome, succeeded } from '../../../shared/client-api/failure.ts';
import type { Core } from '../../state/core.ts';

/** Says something aside (F5). */
export function say(
  core: Core,
  { id, username, text }: CommandParams<'private.say'>,
): Outcome<CommandResult<'private.say'>> {
  for (const { sid, username: peer, lines } of core.view().privateSessions) {
    const before = lines.find((line) => line.id === id && !line.incoming);
    if (before === undefined) continue;
    const { delivered: _delivered, ...line } = before;
    return line.text === text ? succeeded({ message: { ...line, sid, username: peer } }) : failed('id-conflict');
  }
  const outcome = core.privateSessions.manager.say(username, text, id);
  return outcome.ok ? succeeded({ message: outcome.result }) : outcome;
}
