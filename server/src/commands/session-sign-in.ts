import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import { attachSession, isHeldByOtherSession } from './attach-session.ts';
import { type MethodOutcome, refused } from './outcome.ts';
import { checkPassword } from './password-check.ts';
import type { Services, UnauthenticatedSession } from './services.ts';

/** Signs in with the password (B1-B4). */
export async function handleSignIn(
  services: Services,
  session: UnauthenticatedSession,
  params: ClientParams<'session.signIn'>,
): Promise<MethodOutcome<'session.signIn'>> {
  const checked = await checkPassword(services, params.username, params.password);
  if (!('account' in checked)) return checked;
  const { account } = checked;
  const takeOver = params.takeOver === true ? 'take-over' : 'refuse';
  if (isHeldByOtherSession(services, account, params.device, takeOver)) return refused('already-online');
  const issued = services.tokens.issue(account.id, params.device.id, services.now());
  await services.store.saveTokenFamily(issued.family);
  const outcome = attachSession(services, session, account, params.device, issued, takeOver);
  // The token reaches no client: another sign-in was faster, or the connection has closed.
  if (typeof outcome === 'object' && 'refusal' in outcome) {
    services.background('revokeTokenFamily', services.store.revokeTokenFamily(issued.family.id));
  }
  return outcome;
}
