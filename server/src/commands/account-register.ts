import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import { canonicalPassword, canonicalUsername, isPasswordAcceptable } from '../domain/usernames.ts';
import { attach } from './attach.ts';
import { type OutcomeOf, refuse } from './outcome.ts';
import type { Services, StrangerSession } from './services.ts';

/** Makes an account and signs it in (B1). */
export async function register(
  services: Services,
  session: StrangerSession,
  params: ClientParams<'account.register'>,
): Promise<OutcomeOf<'account.register'>> {
  if (services.config.registration === 'closed') return refuse('registration-closed');
  const name = canonicalUsername(params.username);
  if (!name) return refuse('username-invalid');
  const password = canonicalPassword(params.password);
  if (!isPasswordAcceptable(password)) return refuse('password-weak');
  if (services.directory.isTaken(name)) return refuse('username-taken');
  const address = services.countedAddress(session.remoteAddress);
  if (address !== undefined) {
    const retryAfterMs = services.rates.registrations.take(address, services.now());
    if (retryAfterMs > 0) return refuse('slow-down', { retryAfterMs });
  }
  const passwordHash = await services.passwords.hash(password);
  if (passwordHash === undefined) return refuse('slow-down', { retryAfterMs: 5_000 });
  if (services.config.registration === 'invite') {
    const code = services.sha256(params.invite ?? '');
    if (!(await services.store.useInvite(code, services.now()))) return refuse('invite-invalid');
  }
  const createdAt = services.now();
  const account = await services.store.createAccount({ username: params.username, ...name, passwordHash, createdAt });
  if (!account) return refuse('username-taken');
  services.directory.add(account);
  const issued = services.tokens.issue(account.id, params.device.id, createdAt);
  try {
    await services.store.saveTokenFamily(issued.family);
  } catch (error) {
    // Refused is refused: the name must be free for the next attempt.
    await services.store.deleteAccount(account.id);
    services.directory.remove(account);
    throw error;
  }
  return attach(services, session, account, params.device, issued, 'refuse');
}
