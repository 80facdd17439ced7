import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import { DONE, type MethodOutcome, refused } from './outcome.ts';
import { notifyPrivateEnded } from './private-ended.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** Cancels a request before its answer (F1). */
export function handleCancelPrivate(
  services: Services,
  { account }: AuthenticatedSession,
  { sid }: ClientParams<'private.cancel'>,
): MethodOutcome<'private.cancel'> {
  const introduction = services.introductions.pendingForInitiator(sid, account.id);
  if (!introduction) return refused('no-such-request');
  services.introductions.end(introduction);
  notifyPrivateEnded(services, introduction, [introduction.responder], 'cancelled', account);
  return DONE;
}
