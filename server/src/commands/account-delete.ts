import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import type { MethodOutcome } from './outcome.ts';
import { checkPassword } from './password-check.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/**
 * Deletes the account and everything that the server stores about it (B7). Delivered messages stay with their
 * recipients.
 */
export async function handleDeleteAccount(
  services: Services,
  session: AuthenticatedSession,
  params: ClientParams<'account.delete'>,
): Promise<MethodOutcome<'account.delete'>> {
  const checked = await checkPassword(services, session.account.username, params.password);
  if (!('account' in checked)) return { refusal: checked.refusal };
  const { account } = session;
  // Removed from the directory first, so that no new message is stored after the deletion.
  services.directory.remove(account);
  services.flushAppends();
  try {
    services.releaseMail(account.id, await services.store.deleteAccount(account.id, services.now()));
  } catch (error) {
    services.directory.add(account);
    throw error;
  }
  services.delivery.forget(account.id);
  return {
    result: {},
    afterwards: () => {
      // May be another session than the caller's: a take-over can happen during the deletion.
      services.sessions.of(account.id)?.end('account-deleted');
      services.blacklist.forget(account.id);
    },
  };
}
