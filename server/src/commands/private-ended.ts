import { encodeNotification } from '../../../src/shared/protocol/codec.ts';
import type { PrivateEndReason } from '../../../src/shared/protocol/reasons.ts';
import { type IntroductionRecord, peerOf } from '../domain/introductions.ts';
import type { Account, AccountId } from '../store/store.ts';
import { notifyPrivate } from './notify-private.ts';
import type { Services } from './services.ts';

/** Tells those concerned that a request or session came to its end, and cuts its tunnel. */
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

/** Ends everything private of somebody who has left (B6). */
export function endAllPrivate(services: Services, account: Account): void {
  services.missedPrivateEvents.take(account.id);
  notifyPeersLeft(services, account, services.introductions.endAllOf(account.id));
}

/** Ends what somebody who came back on another device had on the former one: the keys of it are there (F3). */
export function endPrivateOnOtherDevices(services: Services, account: Account, deviceId: string): void {
  notifyPeersLeft(services, account, services.introductions.endOnOtherDevices(account.id, deviceId));
}

/** Ends what somebody has with one whom they block (E3). To the blocker too it ended just now, by their own hand. */
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

/** Ends the requests that nobody has answered in time (F1). */
export function expirePrivate(services: Services): void {
  for (const introduction of services.introductions.expire(services.now())) {
    notifyPrivateEnded(services, introduction, [introduction.initiator, introduction.responder], 'expired');
  }
}
