import type { Device } from '../../../src/shared/protocol/ids.ts';
import { encodeNotification } from '../../../src/shared/protocol/codec.ts';
import type { Result } from '../../../src/shared/protocol/messages.ts';
import { firstPage } from '../domain/page.ts';
import type { IssuedToken } from '../domain/tokens.ts';
import type { Account } from '../store/store.ts';
import { type CommandOutcome, refused } from './outcome.ts';
import { endPrivateOnOtherDevices, endAllPrivate } from './private-ended.ts';
import type { Services, UnauthenticatedSession } from './services.ts';

type SignInResult = Result<'session.signIn'>;

/** Treatment of an existing session of the account at a sign-in (B3). */
export type TakeOverPolicy = 'refuse' | 'take-over' | 'same-device';

/** Whether an existing session of the account prevents this sign-in. */
export function isHeldByOtherSession(
  services: Services,
  account: Account,
  device: Device,
  takeOver: TakeOverPolicy,
): boolean {
  const other = services.sessions.of(account.id);
  if (!other || takeOver === 'take-over') return false;
  return takeOver === 'refuse' || other.deviceId !== device.id;
}

/**
 * Makes a connection the session of an authenticated account: ends an older session, announces the arrival (C1), and
 * delivers the mailbox after the answer (D1). Runs without a pause, so that of two parallel sign-ins the second one
 * sees the session of the first.
 */
export function attachSession(
  services: Services,
  session: UnauthenticatedSession,
  account: Account,
  device: Device,
  issued: IssuedToken,
  takeOver: TakeOverPolicy,
): CommandOutcome<SignInResult> {
  if (session.isClosed || services.directory.byId(account.id) !== account) return refused('token-invalid');
  if (isHeldByOtherSession(services, account, device, takeOver)) return refused('already-online');
  const other = services.sessions.of(account.id);
  other?.replace(other.deviceId === device.id);
  // Only the same device, resuming with its token, still has the keys of its private sessions (F6).
  if (takeOver === 'same-device') endPrivateOnOtherDevices(services, account, device.id);
  else endAllPrivate(services, account);
  const now = services.now();
  // A resumption is no user action, so the inactivity time continues (B5).
  const lastAction = takeOver === 'same-device' ? services.presence.lastAction(account.id) : undefined;
  session.authenticate(account, device.id, issued.family.id, lastAction ?? now);
  if (services.presence.markOnline(account, now)) {
    services.background('openInterval', services.store.openInterval(account.id, now));
    services.sessions.announce(
      account,
      encodeNotification('presence.changed', { username: account.username, online: true, at: now }),
    );
  }
  const { entries, ...more } = onlinePage(services, account, '');
  return {
    result: {
      username: account.username,
      token: issued.token,
      tokenExpiresAt: issued.family.expiresAt,
      waiting: services.mailboxSizes.messages(account.id),
      online: entries,
      ...more,
    },
    afterwards: () => {
      // The connection may have closed since the answer was written.
      if (session.isClosed) return;
      for (const line of services.missedPrivateEvents.take(account.id)) services.sessions.of(account.id)?.send(line);
      services.delivery.connect(account.id);
    },
  };
}

/** Online users after a name, without the viewer and without users who have blocked the viewer (C2, C4). */
export function onlinePage(services: Services, viewer: Account, after: string) {
  function* visible() {
    for (const { account, since } of services.presence.list(after)) {
      if (account !== viewer && !services.blacklist.has(account.id, viewer.id)) {
        yield { username: account.username, since };
      }
    }
  }
  return firstPage(visible(), (entry) => entry.username);
}
