import type { CommandParams, CommandResult } from '../../shared/client-api/contract.ts';
import { type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import type { Credentials, SignedIn } from '../connection/connector.ts';
import type { Core } from '../state/core.ts';

/** Signs in with username and password (B1-B3). */
export function signIn(
  core: Core,
  { username, password, takeOver = false }: CommandParams<'session.signIn'>,
): Promise<Outcome<CommandResult<'session.signIn'>>> {
  return enter(core, { kind: 'password', username, password, takeOver });
}

/** Registers an account and is signed in with it (B1). */
export function register(
  core: Core,
  { username, password, invite }: CommandParams<'session.register'>,
): Promise<Outcome<CommandResult<'session.register'>>> {
  return enter(core, { kind: 'register', username, password, ...(invite === undefined ? {} : { invite }) });
}

async function enter(
  core: Core,
  credentials: Exclude<Credentials, { kind: 'token' }>,
): Promise<Outcome<{ username: string; waiting: number }>> {
  const outcome = await new Promise<Outcome<SignedIn>>((resolve) => {
    core.connector.signIn(credentials, resolve);
  });
  if (!outcome.ok) return outcome;
  const { username, waiting } = outcome.result;
  return succeeded({ username, waiting });
}
