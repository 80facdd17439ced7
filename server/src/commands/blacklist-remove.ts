import { encodeNotification } from '../../../src/shared/protocol/codec.ts';
import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import type { Account } from '../store/store.ts';
import { DONE, type MethodOutcome, refused } from './outcome.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** Unblocks a user (E1), who sees and reaches the caller again. */
export async function handleUnblock(
  services: Services,
  { account }: AuthenticatedSession,
  { username }: ClientParams<'blacklist.remove'>,
): Promise<MethodOutcome<'blacklist.remove'>> {
  const other = services.directory.find(username);
  if (!other) return refused('no-such-user');
  if (other === account) return refused('self');
  return services.mutexes.blocks.run(`${account.id}/${other.id}`, () => removeBlock(services, account, other));
}

async function removeBlock(
  services: Services,
  account: Account,
  other: Account,
): Promise<MethodOutcome<'blacklist.remove'>> {
  if (!services.blacklist.remove(account.id, other.id)) return refused('not-blocked');
  try {
    await services.store.removeBlock(account.id, other.id);
  } catch (error) {
    services.blacklist.add(account.id, other.id);
    throw error;
  }
  // The caller may have left or blocked the user again during the write; then there is no arrival to announce.
  if (!services.presence.has(account.id) || services.blacklist.has(account.id, other.id)) return DONE;
  services.sessions
    .of(other.id)
    ?.send(encodeNotification('presence.changed', { username: account.username, online: true, at: services.now() }));
  return DONE;
}
