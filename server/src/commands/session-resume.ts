import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import type { PresentedToken } from '../domain/tokens.ts';
import type { AccountId } from '../store/store.ts';
import { attachSession, isHeldByOtherSession } from './attach-session.ts';
import { type MethodOutcome, refused } from './outcome.ts';
import type { Services, UnauthenticatedSession } from './services.ts';

/** Signs in with the device's token, without a password and its slow hash (B4). */
export async function handleResume(
  services: Services,
  session: UnauthenticatedSession,
  params: ClientParams<'session.resume'>,
): Promise<MethodOutcome<'session.resume'>> {
  const presented = services.tokens.parse(params.token);
  if (!presented) return refused('token-invalid');
  return services.mutexes.tokens.run(presented.familyId, () => useToken(services, session, params, presented));
}

async function useToken(
  services: Services,
  session: UnauthenticatedSession,
  { device }: ClientParams<'session.resume'>,
  presented: PresentedToken,
): Promise<MethodOutcome<'session.resume'>> {
  const family = await services.store.tokenFamily(presented.familyId);
  const account = family && services.directory.byId(family.account);
  if (!family || !account) return refused('token-invalid');
  const verdict = services.tokens.judge(family, presented, device.id, services.now());
  if (verdict === 'reused') {
    // Two clients have had the same token, so one of them is a thief: neither may use it.
    services.log('token-reused', { username: account.username });
    await services.store.revokeTokenFamily(family.id);
  }
  if (verdict !== 'good') return refused('token-invalid');
  if (isTimedOut(services, account.id)) {
    await services.store.revokeTokenFamily(family.id);
    return refused('token-invalid');
  }
  if (isHeldByOtherSession(services, account, device, 'same-device')) return refused('already-online');
  const issued = services.tokens.rotate(family, presented, services.now());
  await services.store.saveTokenFamily(issued.family);
  return attachSession(services, session, account, device, issued, 'same-device');
}

/** Whether the user has been inactive for longer than a session may be (B5). */
function isTimedOut(services: Services, account: AccountId): boolean {
  const lastAction = services.presence.lastAction(account);
  const timeoutMs = services.config.timeoutSeconds * 1_000;
  return timeoutMs > 0 && lastAction !== undefined && services.now() - lastAction >= timeoutMs;
}
