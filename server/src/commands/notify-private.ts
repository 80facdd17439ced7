import type { AccountId } from '../store/store.ts';
import type { Services } from './services.ts';

/**
 * Notifies an account about a private request or session; a disconnected account gets the event after its return (C1,
 * F6).
 * @param line LF included
 * @param isRepeated whether the peer repeats the event if it is lost
 */
export function notifyPrivate(services: Services, account: AccountId, line: string, isRepeated = false): void {
  const session = services.sessions.of(account);
  if (session) session.send(line);
  else if (services.presence.has(account)) services.missedPrivateEvents.keep(account, line, isRepeated);
}
