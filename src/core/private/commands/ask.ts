import type { CommandParams, CommandResult } from '../../../shared/client-api/contract.ts';
import type { Outcome } from '../../../shared/client-api/failure.ts';
import type { Core } from '../../state/core.ts';
import { foldUsername } from '../../chat/conversation.ts';

/** Asks somebody to talk aside (F1), by the name as they write it themselves where they are here. */
export function ask(
  core: Core,
  { username, note }: CommandParams<'private.ask'>,
): Promise<Outcome<CommandResult<'private.ask'>>> {
  const folded = foldUsername(username);
  const here = core.view().people.find((person) => foldUsername(person.username) === folded);
  return core.aside.sessions.ask(here?.username ?? username, note);
}
