import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import { canonicalPassword, isPasswordAcceptable } from '../domain/usernames.ts';
import { DONE, HASHER_BUSY, type MethodOutcome, refused } from './outcome.ts';
import { checkPassword } from './password-check.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** Changes the password and revokes the tokens of the account's other devices (B7). */
export async function handleChangePassword(
  services: Services,
  session: AuthenticatedSession,
  params: ClientParams<'account.changePassword'>,
): Promise<MethodOutcome<'account.changePassword'>> {
  const newPassword = canonicalPassword(params.newPassword);
  if (!isPasswordAcceptable(newPassword)) return refused('password-weak');
  const checked = await checkPassword(services, session.account.username, params.password);
  // A lockout does not end an existing session (B2), so only the refusal is returned.
  if (!('account' in checked)) return { refusal: checked.refusal };
  const passwordHash = await services.passwords.hash(newPassword);
  if (passwordHash === undefined) return HASHER_BUSY;
  await services.store.setPasswordHash(session.account.id, passwordHash);
  await services.store.revokeTokenFamilies(session.account.id, session.tokenFamily);
  return DONE;
}
