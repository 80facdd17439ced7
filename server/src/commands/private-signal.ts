import { encodeNotification } from '../../../src/shared/protocol/codec.ts';
import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import { peerOf } from '../domain/introductions.ts';
import { DONE, type MethodOutcome, refused } from './outcome.ts';
import { notifyPrivate } from './notify-private.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/**
 * Forwards signalling of a private session to the peer (F2). Adds the observed address only if the sender asks for it.
 */
export function handleSignalPrivate(
  services: Services,
  { account, observed: address }: AuthenticatedSession,
  { sid, payload, observed }: ClientParams<'private.signal'>,
): MethodOutcome<'private.signal'> {
  const introduction = services.introductions.openFor(sid, account.id);
  if (!introduction) return refused('no-such-session');
  const line = encodeNotification('private.signal', {
    sid,
    payload,
    observed: observed === true ? address : undefined,
  });
  notifyPrivate(services, peerOf(introduction, account.id), line, true);
  return DONE;
}
