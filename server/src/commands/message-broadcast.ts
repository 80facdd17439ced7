import { encodeNotification } from '../../../src/shared/protocol/codec.ts';
import { LIMITS } from '../../../src/shared/limits.ts';
import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import { fitsBytes } from '../../../src/shared/protocol/text.ts';
import { fingerprintOf } from '../domain/pending-message.ts';
import { type MethodOutcome, refused } from './outcome.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** Sends a text to all online users except those who have blocked the sender; never stores it (D7). */
export function handleBroadcast(
  services: Services,
  { account }: AuthenticatedSession,
  { id, text }: ClientParams<'message.broadcast'>,
): MethodOutcome<'message.broadcast'> {
  if (!fitsBytes(text, LIMITS.textBytes)) return refused('too-long');
  const fingerprint = fingerprintOf(0, text);
  const known = services.recentBroadcasts.find(account.id, id, fingerprint);
  if (known === 'conflict') return refused('id-conflict');
  if (known) return { result: known };
  const line = encodeNotification('broadcast.new', { id, from: account.username, text, at: services.now() });
  let recipients = 0;
  let someBlocked = false;
  for (const other of services.sessions.all()) {
    if (other.account === account) continue;
    if (services.blacklist.has(other.account.id, account.id)) {
      someBlocked = true;
      continue;
    }
    // Never stored, so a client that does not read misses it.
    if (other.isCongested) continue;
    other.send(line);
    recipients++;
  }
  const reach = { recipients, someBlocked };
  services.recentBroadcasts.add(account.id, id, fingerprint, reach);
  return { result: reach };
}
