import { LIMITS } from '../../../src/shared/limits.ts';
import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import { fitsBytes, utf8Bytes } from '../../../src/shared/protocol/text.ts';
import { fingerprintOf, type PendingRequest } from '../domain/pending-message.ts';
import { PENDING, type MethodOutcome, refused } from './outcome.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/**
 * Accepts a message (D1). The answer usually comes later, when the recipient's client or the disk has confirmed it
 * (D2).
 */
export function handleSendMessage(
  services: Services,
  { account }: AuthenticatedSession,
  { id, to, text }: ClientParams<'message.send'>,
  request: PendingRequest,
): MethodOutcome<'message.send'> {
  const recipient = services.directory.find(to);
  if (!recipient) return refused('no-such-user');
  if (recipient === account) return refused('self');
  if (!fitsBytes(text, LIMITS.textBytes)) return refused('too-long');
  const now = services.now();
  const message = {
    id,
    from: account.id,
    fromName: account.username,
    to: recipient.id,
    text,
    bytes: utf8Bytes(text),
    fingerprint: fingerprintOf(recipient.id, text),
    at: now,
    verdict: undefined,
    requests: [],
  };
  const known = services.delivery.recognise(message, request);
  if (known === undefined) {
    if (services.blacklist.has(recipient.id, account.id)) return refused('blocked');
    services.delivery.submit(message, request, now);
  }
  if (known === undefined || known === 'pending') return PENDING;
  if (known.verdict !== 'delivered' && known.verdict !== 'stored') return refused(known.verdict);
  return { result: { status: known.verdict, at: known.at } };
}
