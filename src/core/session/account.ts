import type { CommandParams } from '../../shared/client-api/contract.ts';
import type { Done, Outcome } from '../../shared/client-api/failure.ts';
import type { Core } from '../state/core.ts';

/** Changes the password (B7). */
export function changePassword(core: Core, params: CommandParams<'account.changePassword'>): Promise<Outcome<Done>> {
  return core.request('account.changePassword', params);
}

/** Deletes the account and everything that the server holds of it (B7). The local history stays. */
export async function deleteAccount(core: Core, params: CommandParams<'account.delete'>): Promise<Outcome<Done>> {
  const outcome = await core.request('account.delete', params);
  if (outcome.ok) core.connector.accountDeleted();
  return outcome;
}
