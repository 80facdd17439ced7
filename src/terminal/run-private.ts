import type { Client } from '../core/client.ts';
import { foldUsername } from '../shared/client-api/fold-username.ts';
import type { Outcome } from '../shared/client-api/failure.ts';
import { LIMITS } from '../shared/limits.ts';
import type { PrivateAction } from './action.ts';
import { mapOutcome, refuse } from './outcomes.ts';
import type { PrivateAnswer } from './private-output-event.ts';

/** Runs what lines ask for about talking aside; `private` itself is run by the runner of all actions. */
export async function runPrivate(
  client: Client,
  action: Exclude<PrivateAction, { command: 'private' }>,
): Promise<Outcome<PrivateAnswer>> {
  switch (action.command) {
    case 'startprivate': {
      return await ask(client, action);
    }
    case 'yes':
    case 'no':
      return await answer(client, action.command, action.user);
    case 'stopprivate': {
      const { command, user } = action;
      return mapOutcome(await client.run('private.end', { username: user }), ({ sid }) => ({ command, user, sid }));
    }
    case 'safety': {
      const { command, user } = action;
      const outcome = await client.run('private.safetyNumber', { username: user });
      return mapOutcome(outcome, ({ digits, trust }) => ({ command, user, digits, identity: trust }));
    }
    case 'verify': {
      const { command, user, verified = true } = action;
      const outcome = await client.run('private.verify', { username: user, verified });
      return mapOutcome(outcome, ({ trust }) => ({ command, user, identity: trust }));
    }
    case 'accept': {
      const { command, user } = action;
      const outcome = await client.run('private.acceptIdentity', { username: user });
      return mapOutcome(outcome, ({ trust }) => ({ command, user, identity: trust }));
    }
    case 'keep': {
      const { command, user, keep } = action;
      return mapOutcome(await client.run('private.keep', { username: user, keep }), () => ({ command, user, keep }));
    }
    case 'reveal':
      return await reveal(client, action);
    case 'aside': {
      const sessions = client
        .snapshot()
        .privateSessions.map(({ lines: _lines, typing: _typing, ...session }) => session);
      return { ok: true, result: { command: 'aside', sessions } };
    }
  }
}

async function ask(
  client: Client,
  { command, user: username, note }: Extract<PrivateAction, { command: 'startprivate' }>,
): Promise<Outcome<PrivateAnswer>> {
  if (note !== undefined && (Array.from(note).length > LIMITS.noteCharacters || /\p{Cc}/u.test(note))) {
    return refuse('too-long', `A note is one line of at most ${LIMITS.noteCharacters} characters.`);
  }
  const outcome = await client.run('private.ask', note === undefined ? { username } : { username, note });
  return mapOutcome(outcome, ({ sid }) => {
    // Where both ask at once there is nothing more to wait for.
    const state = client.snapshot().privateSessions.find((session) => session.sid === sid)?.state;
    const answer = { command, user: username, sid } as const;
    return state?.state === 'asking' ? { ...answer, expiresAt: state.expiresAt } : answer;
  });
}

async function reveal(
  client: Client,
  { reveal: wanted, user }: Extract<PrivateAction, { command: 'reveal' }>,
): Promise<Outcome<PrivateAnswer>> {
  if (wanted === undefined) return { ok: true, result: { command: 'reveal', ...client.snapshot().addressRule } };
  const params = user === undefined ? { reveal: wanted } : { reveal: wanted, username: user };
  const outcome = await client.run('private.revealAddress', params);
  return mapOutcome(outcome, ({ addressRule }) => ({ command: 'reveal', ...addressRule }));
}

async function answer(
  client: Client,
  command: 'yes' | 'no',
  start: string | undefined,
): Promise<Outcome<PrivateAnswer>> {
  const initiator = askerFor(client, start);
  if (!initiator.ok) return initiator;
  const { username } = initiator.result;
  const outcome = await client.run('private.answer', { username, accept: command === 'yes' });
  return mapOutcome(outcome, ({ sid }) => ({ command, user: username, sid }));
}

/** Whoever is meant by a name or the beginning of one; never a guess between two. */
function askerFor(client: Client, start: string | undefined): Outcome<{ readonly username: string }> {
  const asking = client
    .snapshot()
    .privateSessions.filter(({ state }) => state.state === 'asked')
    .map(({ username }) => username);
  const folded = foldUsername(start ?? '');
  const exact = asking.filter((name) => foldUsername(name) === folded);
  const meant = exact.length > 0 ? exact : asking.filter((name) => foldUsername(name).startsWith(folded));
  const [username] = meant;
  if (username === undefined) {
    return refuse(
      'not-asked',
      start === undefined
        ? 'Nobody is asking to talk aside.'
        : `Nobody with a name like ${start} is asking to talk aside.`,
    );
  }
  if (meant.length > 1) return refuse('ambiguous', `Several people ask: ${meant.join(', ')}. Say whom you mean.`);
  return { ok: true, result: { username } };
}
