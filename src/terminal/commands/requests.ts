import type { Client } from '../../core/client.ts';
import type { Outcome } from '../../shared/client-api/failure.ts';
import { foldUsername } from '../../shared/client-api/fold-username.ts';
import { terminalText } from '../../shared/text/terminal.ts';
import { mapOutcome, refuse } from './outcomes.ts';

const { mistakes } = terminalText;

/** Accepts or declines a request. @param start a prefix of the initiator's username; without one, the only request */
export async function answerRequest(
  client: Client,
  start: string | undefined,
  { accept, hideAddress }: { readonly accept: boolean; readonly hideAddress?: true | undefined },
): Promise<Outcome<{ user: string; sid: string }>> {
  const initiator = initiatorOf(client, start);
  if (!initiator.ok) return initiator;
  const { username } = initiator.result;
  return mapOutcome(await client.run('private.answer', { username, accept, hideAddress }), ({ sid }) => ({
    user: username,
    sid,
  }));
}

/** An exact match goes before prefixes; if several usernames match, none is chosen. */
function initiatorOf(client: Client, start: string | undefined): Outcome<{ readonly username: string }> {
  const initiators = client
    .snapshot()
    .privateSessions.filter(({ state }) => state.state === 'asked')
    .map(({ username }) => username);
  const folded = foldUsername(start ?? '');
  const exact = initiators.filter((name) => foldUsername(name) === folded);
  const matches = exact.length > 0 ? exact : initiators.filter((name) => foldUsername(name).startsWith(folded));
  const [username] = matches;
  if (username === undefined) {
    return refuse('not-asked', start === undefined ? mistakes.noRequest : mistakes.noRequestOf(start));
  }
  if (matches.length > 1) return refuse('ambiguous', mistakes.ambiguous(matches.join(', ')));
  return { ok: true, result: { username } };
}
