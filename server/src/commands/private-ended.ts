import { encodeNotification } from '../../../src/shared/protocol/codec.ts';
import type { PrivateEndReason } from '../../../src/shared/protocol/reasons.ts';
import { type IntroductionRecord, peerOf } from '../domain/introductions.ts';
import type { Account, AccountId } from '../store/store.ts';
import { notifyPrivate } from './notify-private.ts';
import type { Services } from './services.ts';

/** Notifies the given accounts of the end of a request or session, and closes its tunnel. */
export function notifyPrivateEnded(
  services: Services,
  { sid }: IntroductionRecord,
  accounts: readonly AccountId[],
  reason: PrivateEndReason,
  by?: Account,
): void {
  services.tunnels.cut(sid);
  const line = encodeNotification('private.ended', { sid, by: by?.username, reason });
  for (const account of accounts) notifyPrivate(services, account, line);
}

/** Ends all requests and private sessions of an account that has left (B6). */
export function endAllPrivate(services: Services, account: Account): void {
  services.missedPrivateEvents.take(account.id);
  notifyPeersLeft(services, account, services.introductions.endAllOf(account.id));
}

/** Ends the private sessions of an account on its other devices: only those devices have the keys (F3). */
export function endPrivateOnOtherDevices(services: Services, account: Account, deviceId: string): void {
  notifyPeersLeft(services, account, services.introductions.endOnOtherDevices(account.id, deviceId));
}

/** Ends the request or session between an account and a user that it blocks (E3). The blocker is notified too. */
export function endPrivateBetween(services: Services, account: Account, blocked: AccountId): void {
  for (const introduction of services.introductions.endAllOf(account.id, blocked)) {
    notifyPrivateEnded(services, introduction, [blocked, account.id], 'blocked', account);
  }
}

function notifyPeersLeft(services: Services, account: Account, ended: readonly IntroductionRecord[]): void {
  for (const introduction of ended) {
    notifyPrivateEnded(services, introduction, [peerOf(introduction, account.id)], 'peer-left', account);
  }
}

/** Ends the requests that were not answered in time (F1). */
export function expirePrivate(services: Services): void {
  for (const introduction of services.introductions.expire(services.now())) {
    notifyPrivateEnded(services, introduction, [introduction.initiator, introduction.responder], 'expired');
  }
}
