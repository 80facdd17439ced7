import { encodeNotification } from '../../../src/shared/protocol/codec.ts';
import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** Forwards the typing state, unless either user has blocked the other (C4, E2). */
export function handleSetTyping(
  services: Services,
  { account }: AuthenticatedSession,
  { to, typing }: ClientParams<'typing.set'>,
): void {
  const other = services.directory.find(to);
  if (!other || other === account) return;
  if (services.blacklist.has(other.id, account.id) || services.blacklist.has(account.id, other.id)) return;
  services.sessions.of(other.id)?.send(encodeNotification('typing.changed', { username: account.username, typing }));
}
