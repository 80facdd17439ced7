import { endAllPrivate } from '../commands/private-ended.ts';
import type { Services, AuthenticatedSession } from '../commands/services.ts';
import { encodeNotification } from '../../../src/shared/protocol/codec.ts';
import type { DepartureReason } from '../../../src/shared/protocol/reasons.ts';
import type { Account } from '../store/store.ts';
import type { SessionRegistry } from './registry.ts';

/** How a session came to its end: `dropped` may come back within the time of grace (C1), `stopping` is the server's end. */
export type Departure = DepartureReason | 'dropped' | 'stopping';

/** Takes a session out of everything: registry, delivery, presence, and tells the others (C1). */
export function detachSession(
  services: Services,
  registry: SessionRegistry,
  session: AuthenticatedSession,
  departure: Departure,
  lastAction: number,
): void {
  const { account } = session;
  registry.remove(session);
  services.delivery.disconnect(account.id);
  const now = services.now();
  if (departure === 'stopping') return;
  // Signed out is signed out: an unattended machine must not come back by itself (B5).
  if (departure === 'timed-out') {
    services.background('revokeTokenFamily', services.store.revokeTokenFamily(session.tokenFamily));
  }
  if (departure === 'dropped') services.presence.markDisconnected(account, lastAction, now);
  else if (services.presence.markOffline(account.id)) announceDeparture(services, account, departure, now);
}

/** Tells everyone who may know that somebody is gone, ends what they had aside (B6), and closes their time in the history. */
export function announceDeparture(services: Services, account: Account, reason: DepartureReason, at: number): void {
  endAllPrivate(services, account);
  services.background('closeInterval', services.store.closeInterval(account.id, at));
  services.sessions.announce(
    account,
    encodeNotification('presence.changed', { username: account.username, online: false, at, reason }),
  );
}
