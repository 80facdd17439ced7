import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import { canonicalPassword, canonicalUsername, isPasswordAcceptable } from '../domain/usernames.ts';
import { attachSession } from './attach-session.ts';
import { HASHER_BUSY, type MethodOutcome, refused } from './outcome.ts';
import type { Services, UnauthenticatedSession } from './services.ts';

/** Creates an account and signs it in (B1). */
export async function handleRegister(
  services: Services,
  session: UnauthenticatedSession,
  params: ClientParams<'account.register'>,
): Promise<MethodOutcome<'account.register'>> {
  if (services.config.registration === 'closed') return refused('registration-closed');
  const name = canonicalUsername(params.username);
  if (!name) return refused('username-invalid');
  const password = canonicalPassword(params.password);
  if (!isPasswordAcceptable(password)) return refused('password-weak');
  // With invitations, the store checks the invitation before the username, so that only invited users learn which names
  // exist.
  const { registration } = services.config;
  if (registration !== 'invite' && services.directory.isTaken(name)) return refused('username-taken');
  const address = services.countedAddress(session.remoteAddress);
  if (address !== undefined) {
    const retryAfterMs = services.rates.registrations.take(address, services.now());
    if (retryAfterMs > 0) return refused('slow-down', { retryAfterMs });
  }
  const passwordHash = await services.passwords.hash(password);
  if (passwordHash === undefined) return HASHER_BUSY;
  const now = services.now();
  const { family, token } = services.tokens.open(params.device.id, now);
  const invite = registration === 'invite' ? { codeHash: services.sha256(params.invite ?? ''), now } : undefined;
  const account = await services.store.registerAccount(
    { username: params.username, ...name, passwordHash, createdAt: now },
    { family, invite },
  );
  if (account === 'taken') return refused('username-taken');
  if (account === 'invite-invalid') return refused('invite-invalid');
  services.directory.add(account);
  const issued = { family: { ...family, account: account.id }, token };
  return attachSession(services, session, account, params.device, issued, 'refuse');
}
