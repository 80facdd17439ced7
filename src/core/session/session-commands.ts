import type { CommandResult } from '../../shared/client-api/contract.ts';
import { type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import type { SignInCredentials, SignedIn } from '../connection/connector.ts';
import type { CommandHandlers, CommandsOf } from '../state/command-handlers.ts';
import type { Core } from '../state/core.ts';

export const SESSION_HANDLERS: CommandHandlers<CommandsOf<'session' | 'account'>> = {
  'session.signIn': (core, { username, password, takeOver = false }) =>
    signInWith(core, { kind: 'password', username, password, takeOver }),
  'session.register': (core, { username, password, invite }) =>
    signInWith(core, { kind: 'register', username, password, ...(invite === undefined ? {} : { invite }) }),
  'session.resume'(core) {
    const failure = core.connector.resume();
    return failure === undefined ? succeeded({}) : { ok: false, failure };
  },
  'session.tryNow'(core) {
    core.connector.tryNow();
    return succeeded({});
  },
  async 'session.signOut'(core) {
    // Private sessions first: their peers are reached through the connection that signing out closes.
    core.privateSessions.manager.endAll('left');
    await new Promise<void>((resolve) => {
      core.connector.signOut(resolve);
    });
    return succeeded({});
  },
  'session.activity'(core) {
    core.connector.userPresent();
    const timeoutSeconds = core.view().server?.policy.timeoutSeconds ?? 0;
    const online = core.connector.onlineConnection !== undefined;
    if (online && core.activity.due(core.ports.clock.now(), timeoutSeconds)) core.notify('session.activity', {});
    return succeeded({});
  },
  async 'session.measure'(core) {
    const { clock } = core.ports;
    const before = clock.now();
    const outcome = await core.request('session.ping', {});
    // The clock may have been set back in between.
    return outcome.ok ? succeeded({ milliseconds: Math.max(0, clock.now() - before) }) : outcome;
  },
  'session.acceptCertificate'(core, { fingerprint }) {
    core.connector.acceptCertificate(fingerprint);
    return succeeded({});
  },
  'account.changePassword': (core, params) => core.request('account.changePassword', params),
  async 'account.delete'(core, params) {
    const outcome = await core.request('account.delete', params);
    if (outcome.ok) core.connector.accountDeleted();
    return outcome;
  },
};

/** Signs in with a password or registers (B1-B3). */
async function signInWith(
  core: Core,
  credentials: Exclude<SignInCredentials, { kind: 'token' }>,
): Promise<Outcome<CommandResult<'session.signIn'>>> {
  const outcome = await new Promise<Outcome<SignedIn>>((resolve) => {
    core.connector.signIn(credentials, resolve);
  });
  if (!outcome.ok) return outcome;
  const { username, waiting } = outcome.result;
  return succeeded({ username, waiting });
}
