import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import { peerOf } from '../domain/introductions.ts';
import { DONE, type MethodOutcome, refused } from './outcome.ts';
import { notifyPrivateEnded } from './private-ended.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** Ends a private session; either side may, at any time (F6). */
export function handleEndPrivate(
  services: Services,
  { account }: AuthenticatedSession,
  { sid }: ClientParams<'private.end'>,
): MethodOutcome<'private.end'> {
  const introduction = services.introductions.openFor(sid, account.id);
  if (!introduction) return refused('no-such-session');
  services.introductions.end(introduction);
  notifyPrivateEnded(services, introduction, [peerOf(introduction, account.id)], 'ended', account);
  return DONE;
}
