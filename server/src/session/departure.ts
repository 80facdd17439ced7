import { endAllPrivate } from '../commands/private-ended.ts';
import type { Services, AuthenticatedSession } from '../commands/services.ts';
import { encodeNotification } from '../../../src/shared/protocol/codec.ts';
import type { DepartureReason } from '../../../src/shared/protocol/reasons.ts';
import type { Account } from '../store/store.ts';
import type { SessionRegistry } from './registry.ts';

/**
 * Cause of a session's end: after `dropped` the user may return within the grace period (C1); `stopping` means that the
 * server stops.
 */
export type Departure = DepartureReason | 'dropped' | 'stopping';

/** Removes a session from registry, delivery and presence, and notifies the other sessions (C1). */
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
  // The token is revoked, so that an unattended machine does not sign in again by itself (B5).
  if (departure === 'timed-out') {
    services.background('revokeTokenFamily', services.store.revokeTokenFamily(session.tokenFamily));
  }
  if (departure === 'dropped') services.presence.markDisconnected(account, lastAction, now);
  else if (services.presence.markOffline(account.id)) announceDeparture(services, account, departure, now);
}

/** Announces a departure, ends the account's private sessions (B6) and closes its interval in the online history. */
export function announceDeparture(services: Services, account: Account, reason: DepartureReason, at: number): void {
  endAllPrivate(services, account);
  services.background('closeInterval', services.store.closeInterval(account.id, at));
  services.sessions.announce(
    account,
    encodeNotification('presence.changed', { username: account.username, online: false, at, reason }),
  );
}
