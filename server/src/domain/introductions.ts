import { INTRODUCTION_LIMITS } from '../../../src/shared/limits.ts';
import type { AccountId } from '../store/store.ts';

/** An account on one device: only this device has the keys of the private session. */
export interface AccountDevice {
  readonly account: AccountId;
  readonly device: string;
}

/**
 * A request or private session between two accounts, as far as the server knows it: participants and times, no content.
 */
export interface IntroductionRecord {
  readonly sid: string;
  readonly initiator: AccountId;
  readonly initiatorDevice: string;
  readonly responder: AccountId;
  readonly responderDevice: string;
  readonly expiresAt: number;
  state: 'requested' | 'open';
}

export type RequestRefusal = 'already-open' | 'already-asking' | 'slow-down';

/** All requests and private sessions (F1), at most one for each pair of accounts. Pure: time is an argument. */
export class Introductions {
  readonly #bySid = new Map<string, IntroductionRecord>();
  readonly #byAccount = new Map<AccountId, Set<IntroductionRecord>>();

  get size(): number {
    return this.#bySid.size;
  }

  /**
   * Opens a request. If the responder has already sent a request, this second one is refused as `already-asking`. The
   * client then accepts the first request by itself, because both users want the session, so crossing requests become
   * one session (F1).
   */
  request(sid: string, from: AccountDevice, to: AccountDevice, now: number): IntroductionRecord | RequestRefusal {
    const { account: initiator } = from;
    const { account: responder } = to;
    const between = this.#between(initiator, responder);
    if (between) return between.state === 'open' ? 'already-open' : 'already-asking';
    if (this.#bySid.has(sid)) return 'already-asking';
    const byInitiator = this.#count(initiator, (each) => each.state === 'requested' && each.initiator === initiator);
    const forResponder = this.#count(responder, (each) => each.state === 'requested' && each.responder === responder);
    if (
      byInitiator >= INTRODUCTION_LIMITS.requestsByInitiator ||
      forResponder >= INTRODUCTION_LIMITS.requestsForResponder ||
      this.#isFull(initiator) ||
      this.#isFull(responder)
    )
      return 'slow-down';
    const expiresAt = now + INTRODUCTION_LIMITS.requestMs;
    const introduction: IntroductionRecord = {
      sid,
      initiator,
      initiatorDevice: from.device,
      responder,
      responderDevice: to.device,
      expiresAt,
      state: 'requested',
    };
    this.#bySid.set(sid, introduction);
    this.#of(initiator).add(introduction);
    this.#of(responder).add(introduction);
    return introduction;
  }

  /** The unanswered request to `responder`, if there is one. */
  pendingForResponder(sid: string, responder: AccountId): IntroductionRecord | undefined {
    const introduction = this.#bySid.get(sid);
    return introduction?.state === 'requested' && introduction.responder === responder ? introduction : undefined;
  }

  /** The unanswered request of `initiator`, if there is one. */
  pendingForInitiator(sid: string, initiator: AccountId): IntroductionRecord | undefined {
    const introduction = this.#bySid.get(sid);
    return introduction?.state === 'requested' && introduction.initiator === initiator ? introduction : undefined;
  }

  /** The open session in which an account takes part, if there is one. */
  openFor(sid: string, account: AccountId): IntroductionRecord | undefined {
    const introduction = this.#bySid.get(sid);
    if (introduction?.state !== 'open') return undefined;
    return introduction.initiator === account || introduction.responder === account ? introduction : undefined;
  }

  /** Turns an accepted request into a session. */
  open(introduction: IntroductionRecord): void {
    introduction.state = 'open';
  }

  end(introduction: IntroductionRecord): void {
    this.#bySid.delete(introduction.sid);
    for (const account of [introduction.initiator, introduction.responder]) {
      const all = this.#byAccount.get(account);
      all?.delete(introduction);
      if (all?.size === 0) this.#byAccount.delete(account);
    }
  }

  /** Ends all requests and sessions of an account, or only those with `other`. @returns the ended ones */
  endAllOf(account: AccountId, other?: AccountId): IntroductionRecord[] {
    return this.#endWhere(account, (each) => other === undefined || peerOf(each, account) === other);
  }

  /** Ends the requests and sessions of an account on all devices except one. @returns the ended ones */
  endOnOtherDevices(account: AccountId, device: string): IntroductionRecord[] {
    return this.#endWhere(
      account,
      (each) => (each.initiator === account ? each.initiatorDevice : each.responderDevice) !== device,
    );
  }

  /** Ends expired requests. @returns the ended ones */
  expire(now: number): IntroductionRecord[] {
    const expired: IntroductionRecord[] = [];
    for (const introduction of this.#bySid.values()) {
      if (introduction.state === 'requested' && introduction.expiresAt <= now) expired.push(introduction);
    }
    for (const introduction of expired) this.end(introduction);
    return expired;
  }

  #endWhere(account: AccountId, isOver: (introduction: IntroductionRecord) => boolean): IntroductionRecord[] {
    const ended = [...(this.#byAccount.get(account) ?? [])].filter(isOver);
    for (const introduction of ended) this.end(introduction);
    return ended;
  }

  #of(account: AccountId): Set<IntroductionRecord> {
    const all = this.#byAccount.get(account) ?? new Set();
    this.#byAccount.set(account, all);
    return all;
  }

  #isFull(account: AccountId): boolean {
    return (this.#byAccount.get(account)?.size ?? 0) >= INTRODUCTION_LIMITS.totalPerAccount;
  }

  #between(a: AccountId, b: AccountId): IntroductionRecord | undefined {
    for (const each of this.#byAccount.get(a) ?? []) if (peerOf(each, a) === b) return each;
    return undefined;
  }

  #count(account: AccountId, counts: (introduction: IntroductionRecord) => boolean): number {
    let count = 0;
    for (const each of this.#byAccount.get(account) ?? []) if (counts(each)) count++;
    return count;
  }
}

/** The other account of an introduction. */
export function peerOf(introduction: IntroductionRecord, account: AccountId): AccountId {
  return introduction.initiator === account ? introduction.responder : introduction.initiator;
}
