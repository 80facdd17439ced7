import type { AccountId } from '../store/store.ts';
import type { Services } from './services.ts';

/**
 * Tells somebody of a private request or session; who is gone for a moment gets it when they are back (C1, F6).
 * @param line LF included
 * @param isRepeated the other side sends it again where it was lost
 */
export function notifyPrivate(services: Services, account: AccountId, line: string, isRepeated = false): void {
  const session = services.sessions.of(account);
  if (session) session.send(line);
  else if (services.presence.has(account)) services.missedPrivateEvents.keep(account, line, isRepeated);
}
