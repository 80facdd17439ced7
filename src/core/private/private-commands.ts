import type { CommandParams, CommandResult } from '../../shared/client-api/contract.ts';
import { failed, type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import { foldUsername } from '../../shared/client-api/fold-username.ts';
import type { CommandHandlers, CommandsOf } from '../state/command-handlers.ts';
import type { Core } from '../state/core.ts';
import { withRule } from './identity/address-rule.ts';

/** Commands of private sessions (F1-F8). */
export const PRIVATE_HANDLERS: CommandHandlers<CommandsOf<'private'>> = {
  'private.ask': ask,
  'private.answer': (core, { username, accept, hideAddress }) =>
    core.privateSessions.manager.answer(username, accept, hideAddress),
  'private.cancel': (core, { username }) => core.privateSessions.manager.cancel(username),
  'private.end': (core, { username }) => core.privateSessions.manager.end(username),
  'private.say': say,
  'private.typing'(core, { username, typing }) {
    core.privateSessions.manager.setTyping(username, typing);
    return succeeded({});
  },
  'private.keep': (core, { username, keep }) => core.privateSessions.manager.setKeep(username, keep),
  'private.safetyNumber': (core, { username }) => core.privateSessions.manager.safetyNumber(username),
  'private.verify'(core, { username, verified }) {
    try {
      return core.privateSessions.manager.verify(username, verified);
    } catch {
      return failed('storage-here');
    }
  },
  'private.acceptIdentity': acceptIdentity,
  'private.revealAddress'(core, { reveal, username }) {
    const addressRule = withRule(core.view().addressRule, reveal, username);
    try {
      core.ports.peers.addressRules.write(addressRule);
    } catch {
      return failed('storage-here');
    }
    core.emit('addressRule.replaced', { addressRule });
    return succeeded({ addressRule });
  },
};

/** Sends a request (F1), with the spelling of the username that the online list has. */
async function ask(
  core: Core,
  { username, note, hideAddress }: CommandParams<'private.ask'>,
): Promise<Outcome<CommandResult<'private.ask'>>> {
  const folded = foldUsername(username);
  const online = core.view().people.find((person) => foldUsername(person.username) === folded);
  const outcome = await core.privateSessions.manager.ask(online?.username ?? username, note, hideAddress);
  if (outcome.ok || outcome.failure.reason !== 'blocked') return outcome;
  // `blocked` does not say which user has blocked the other; the own blacklist does.
  const own = core.view().blacklist?.some((name) => foldUsername(name) === folded) === true;
  return own ? failed('blocked', { detail: 'blocked-by-you' }) : outcome;
}

/** Sends a private message (F5). A repeated `id` with the same text returns the existing message. */
function say(core: Core, { id, username, text }: CommandParams<'private.say'>): Outcome<CommandResult<'private.say'>> {
  for (const { sid, username: peer, lines } of core.view().privateSessions) {
    const repeated = lines.find((line) => line.id === id && !line.incoming);
    if (repeated === undefined) continue;
    const { delivered: _delivered, ...line } = repeated;
    return line.text === text ? succeeded({ message: { ...line, sid, username: peer } }) : failed('id-conflict');
  }
  const outcome = core.privateSessions.manager.say(username, text, id);
  return outcome.ok ? succeeded({ message: outcome.result }) : outcome;
}

function acceptIdentity(
  core: Core,
  { username }: CommandParams<'private.acceptIdentity'>,
): Outcome<CommandResult<'private.acceptIdentity'>> {
  try {
    const outcome = core.privateSessions.manager.acceptIdentity(username);
    if (outcome.ok || outcome.failure.reason !== 'identity-unknown') return outcome;
    return failed('identity-unknown', { detail: 'no-changed-identity' });
  } catch {
    return failed('storage-here');
  }
}
