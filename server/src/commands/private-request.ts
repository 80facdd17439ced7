import { encodeNotification } from '../../../src/shared/protocol/codec.ts';
import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import { type MethodOutcome, refused } from './outcome.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** Requests a private session (F1). No address is forwarded before the request is accepted (F2). */
export function handleRequestPrivate(
  services: Services,
  { account, deviceId }: AuthenticatedSession,
  { sid, to, offer, note }: ClientParams<'private.request'>,
): MethodOutcome<'private.request'> {
  const other = services.directory.find(to);
  if (!other) return refused('no-such-user');
  if (other === account) return refused('self');
  // Checked in both directions: an answer of a user whom the initiator has blocked could not reach the initiator (E2).
  if (services.blacklist.has(other.id, account.id) || services.blacklist.has(account.id, other.id)) {
    return refused('blocked');
  }
  const session = services.sessions.of(other.id);
  if (!session) return refused('offline');
  const now = services.now();
  const retryAfterMs = services.rates.privateRequests.take(account.id, now);
  if (retryAfterMs > 0) return refused('slow-down', { retryAfterMs });
  const from = { account: account.id, device: deviceId };
  const requested = services.introductions.request(sid, from, { account: other.id, device: session.deviceId }, now);
  if (typeof requested === 'string') return refused(requested);
  const { expiresAt } = requested;
  session.send(encodeNotification('private.requested', { sid, from: account.username, offer, note, expiresAt }));
  return { result: { expiresAt } };
}
