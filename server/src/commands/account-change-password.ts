import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import { canonicalPassword, isPasswordAcceptable } from '../domain/usernames.ts';
import { DONE, HASHER_BUSY, type MethodOutcome, refused } from './outcome.ts';
import { checkPassword } from './password-check.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** Changes the password (B7); the tokens of the account's other devices end with the old one. */
export async function handleChangePassword(
  services: Services,
  session: AuthenticatedSession,
  params: ClientParams<'account.changePassword'>,
): Promise<MethodOutcome<'account.changePassword'>> {
  const newPassword = canonicalPassword(params.newPassword);
  if (!isPasswordAcceptable(newPassword)) return refused('password-weak');
  const checked = await checkPassword(services, session.account.username, params.password);
  // A session already signed in is not touched by a lock (B2): only the refusal is passed on.
  if (!('account' in checked)) return { refusal: checked.refusal };
  const passwordHash = await services.passwords.hash(newPassword);
  if (passwordHash === undefined) return HASHER_BUSY;
  await services.store.setPasswordHash(session.account.id, passwordHash);
  await services.store.revokeTokenFamilies(session.account.id, session.tokenFamily);
  return DONE;
}
