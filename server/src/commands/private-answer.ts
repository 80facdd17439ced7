import { encodeNotification } from '../../../src/shared/protocol/codec.ts';
import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import { DONE, type MethodOutcome, refused } from './outcome.ts';
import { notifyPrivateEnded } from './private-ended.ts';
import { notifyPrivate } from './notify-private.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** Accepts or declines a request (F1). */
export function handleAnswerPrivate(
  services: Services,
  { account }: AuthenticatedSession,
  { sid, accept, answer }: ClientParams<'private.answer'>,
): MethodOutcome<'private.answer'> {
  const introduction = services.introductions.pendingForResponder(sid, account.id);
  if (!introduction || introduction.expiresAt <= services.now()) return refused('no-such-request');
  if (!accept) {
    services.introductions.end(introduction);
    notifyPrivate(services, introduction.initiator, encodeNotification('private.answered', { sid, accepted: false }));
    notifyPrivateEnded(services, introduction, [introduction.initiator], 'declined', account);
    return DONE;
  }
  services.introductions.open(introduction);
  notifyPrivate(
    services,
    introduction.initiator,
    encodeNotification('private.answered', { sid, accepted: true, answer }),
  );
  return DONE;
}
