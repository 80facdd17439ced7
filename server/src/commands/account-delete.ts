import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import type { MethodOutcome } from './outcome.ts';
import { checkPassword } from './password-check.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** Deletes the account with everything the server holds of it (B7). What it wrote to others is theirs. */
export async function handleDeleteAccount(
  services: Services,
  session: AuthenticatedSession,
  params: ClientParams<'account.delete'>,
): Promise<MethodOutcome<'account.delete'>> {
  const checked = await checkPassword(services, session.account.username, params.password);
  if (!('account' in checked)) return { refusal: checked.refusal };
  const { account } = session;
  // From here on nobody finds them: nothing new is stored behind the deletion.
  services.directory.remove(account);
  services.flushAppends();
  try {
    await services.store.deleteAccount(account.id);
  } catch (error) {
    services.directory.add(account);
    throw error;
  }
  services.delivery.forget(account.id);
  // What only memory held may have gone to the mailbox meanwhile.
  services.flushAppends();
  services.background('removeMail', services.store.removeMail(account.id, Number.MAX_SAFE_INTEGER));
  return {
    result: {},
    afterwards: () => {
      // Not always the one that asked: another may have taken over meanwhile.
      services.sessions.of(account.id)?.end('account-deleted');
      services.blacklist.forget(account.id);
    },
  };
}
