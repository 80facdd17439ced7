import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import type { OutcomeOf } from './outcome.ts';
import { checkPassword } from './password-check.ts';
import type { Services, SignedInSession } from './services.ts';

/** Deletes the account with everything the server holds of it (B7). What it wrote to others is theirs. */
export async function deleteAccount(
  services: Services,
  session: SignedInSession,
  params: ClientParams<'account.delete'>,
): Promise<OutcomeOf<'account.delete'>> {
  const checked = await checkPassword(services, session.account.username, params.password);
  if (!('account' in checked)) return { refusal: checked.refusal };
  const { account } = session;
  services.flushAppends();
  await services.store.deleteAccount(account.id);
  services.directory.remove(account);
  services.delivery.forget(account.id);
  return {
    result: {},
    afterwards: () => {
      session.end('account-deleted');
      services.blacklist.forget(account.id);
    },
  };
}
