import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import { type MethodOutcome, refused } from './outcome.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** Issues the token with which one side of a private session enters the blind tunnel (F4). */
export function handleRelayPrivate(
  services: Services,
  { account }: AuthenticatedSession,
  { sid }: ClientParams<'private.relay'>,
): MethodOutcome<'private.relay'> {
  if (!services.introductions.openFor(sid, account.id)) return refused('no-such-session');
  const admission = services.tunnels.admit(sid, account.id, services.now());
  return admission ? { result: admission } : refused('relay-busy');
}
