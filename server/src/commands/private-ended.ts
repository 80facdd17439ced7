import { encodeNotification } from '../../../src/shared/protocol/codec.ts';
import type { PrivateEndReason } from '../../../src/shared/protocol/reasons.ts';
import { type Introduction, peerOf } from '../domain/introductions.ts';
import type { Account, AccountId } from '../store/store.ts';
import type { Services } from './services.ts';

/** Tells those concerned that a request or session came to its end, and cuts its tunnel. */
export function tellEnded(
  services: Services,
  { sid }: Introduction,
  people: readonly AccountId[],
  reason: PrivateEndReason,
  by?: Account,
): void {
  services.tunnels.cut(sid);
  const line = encodeNotification('private.ended', { sid, by: by?.username, reason });
  for (const person of people) services.sessions.of(person)?.send(line);
}

/** Ends everything private of somebody who has left, or what they have with somebody they block (B6, E3). */
export function endPrivateOf(services: Services, account: Account, reason: 'peer-left' | 'blocked', other?: AccountId): void {
  for (const introduction of services.introductions.endOf(account.id, other)) {
    const peer = peerOf(introduction, account.id);
    // Whoever blocks is told as well: to them it ended just now, by their own hand.
    tellEnded(services, introduction, reason === 'blocked' ? [peer, account.id] : [peer], reason, account);
  }
}

/** Ends the requests that nobody has answered in time (F1). */
export function expirePrivate(services: Services): void {
  for (const introduction of services.introductions.expire(services.now())) {
    tellEnded(services, introduction, [introduction.asker, introduction.answerer], 'expired');
  }
}
