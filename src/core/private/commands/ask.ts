import type { CommandParams, CommandResult } from '../../../shared/client-api/contract.ts';
import type { Outcome } from '../../../shared/client-api/failure.ts';
import type { Core } from '../../state/core.ts';
import { foldUsername } from '../../../shared/client-api/fold-username.ts';

/** Asks somebody to talk aside (F1), by the name as they write it themselves where they are here. */
export async function ask(
  core: Core,
  { username, note }: CommandParams<'private.ask'>,
): Promise<Outcome<CommandResult<'private.ask'>>> {
  const folded = foldUsername(username);
  const here = core.view().people.find((person) => foldUsername(person.username) === folded);
  const outcome = await core.privateSessions.manager.ask(here?.username ?? username, note);
  if (outcome.ok || outcome.failure.reason !== 'blocked') return outcome;
  // The server says only that one of the two has blocked the other.
  const own = core.view().blacklist?.some((name) => foldUsername(name) === folded) === true;
  const text = own
    ? 'You have blocked this person. Unblock them first.'
    : 'This person does not receive anything from you.';
  return { ok: false, failure: { ...outcome.failure, text } };
}
