import { encodeNotification } from '../../../src/shared/protocol/codec.ts';
import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import type { Account } from '../store/store.ts';
import { DONE, type MethodOutcome, refused } from './outcome.ts';
import { endPrivateBetween } from './private-ended.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** Blocks a user from the next line on (E1, E2); waiting messages of that user are not delivered (E4). */
export async function handleBlock(
  services: Services,
  { account }: AuthenticatedSession,
  { username }: ClientParams<'blacklist.add'>,
): Promise<MethodOutcome<'blacklist.add'>> {
  const other = services.directory.find(username);
  if (!other) return refused('no-such-user');
  if (other === account) return refused('self');
  return services.mutexes.blocks.run(`${account.id}/${other.id}`, () => addBlock(services, account, other));
}

async function addBlock(services: Services, account: Account, other: Account): Promise<MethodOutcome<'blacklist.add'>> {
  if (!services.blacklist.add(account.id, other.id)) return refused('already-blocked');
  endPrivateBetween(services, account, other.id);
  // Commits messages that were accepted earlier first, so that the block removes them too.
  services.flushAppends();
  try {
    services.releaseMail(account.id, await services.store.addBlock(account.id, other.id, services.now()));
  } catch (error) {
    services.blacklist.remove(account.id, other.id);
    throw error;
  }
  // To the blocked user, the blocker appears to sign out (C4).
  services.sessions.of(other.id)?.send(
    encodeNotification('presence.changed', {
      username: account.username,
      online: false,
      at: services.now(),
      reason: 'signed-out',
    }),
  );
  return DONE;
}
