import type { AccountId } from '../store/store.ts';

/** How long a request waits for its answer (F1). */
const ASK_MS = 60_000;
/** Requests of one account that wait for an answer, by them and of them; requests and sessions of one account in all (I3). */
const ASKING = 16;
const ASKED = 32;
const IN_ALL = 64;

/** Somebody on the device that they asked from, or are asked on: it alone holds the keys of what follows. */
export interface Party {
  readonly account: AccountId;
  readonly device: string;
}

/** Two people whom the server introduces to each other, or has introduced. It knows who and when, never what they say. */
export interface Introduction {
  readonly sid: string;
  readonly asker: AccountId;
  readonly askerDevice: string;
  readonly answerer: AccountId;
  readonly answererDevice: string;
  readonly expiresAt: number;
  state: 'asked' | 'open';
}

export type AskRefusal = 'already-open' | 'already-asking' | 'slow-down';

/** Requests and sessions for talking aside (F1). Pure: time is an argument. At most one for any two people. */
export class Introductions {
  readonly #bySid = new Map<string, Introduction>();
  readonly #byAccount = new Map<AccountId, Set<Introduction>>();

  get size(): number {
    return this.#bySid.size;
  }

  /**
   * Opens a request. Where the other side is asking already, the second of the two is refused as `already-asking`: the
   * client that gets this, and the first request, has had its yes on both sides and answers by itself, so that crossing
   * requests become one session (F1).
   */
  ask(sid: string, from: Party, to: Party, now: number): Introduction | AskRefusal {
    const { account: asker } = from;
    const { account: answerer } = to;
    const between = this.#between(asker, answerer);
    if (between) return between.state === 'open' ? 'already-open' : 'already-asking';
    if (this.#bySid.has(sid)) return 'already-asking';
    const asking = this.#count(asker, (each) => each.state === 'asked' && each.asker === asker);
    const asked = this.#count(answerer, (each) => each.state === 'asked' && each.answerer === answerer);
    if (asking >= ASKING || asked >= ASKED || this.#isFull(asker) || this.#isFull(answerer)) return 'slow-down';
    const expiresAt = now + ASK_MS;
    const introduction: Introduction = {
      sid,
      asker,
      askerDevice: from.device,
      answerer,
      answererDevice: to.device,
      expiresAt,
      state: 'asked',
    };
    this.#bySid.set(sid, introduction);
    this.#of(asker).add(introduction);
    this.#of(answerer).add(introduction);
    return introduction;
  }

  /** The open request that `answerer` is asked with, if there is one. */
  askedOf(sid: string, answerer: AccountId): Introduction | undefined {
    const introduction = this.#bySid.get(sid);
    return introduction?.state === 'asked' && introduction.answerer === answerer ? introduction : undefined;
  }

  /** The open request that `asker` made, if there is one. */
  askedBy(sid: string, asker: AccountId): Introduction | undefined {
    const introduction = this.#bySid.get(sid);
    return introduction?.state === 'asked' && introduction.asker === asker ? introduction : undefined;
  }

  /** The session that a account takes part in, if there is one. */
  openOf(sid: string, account: AccountId): Introduction | undefined {
    const introduction = this.#bySid.get(sid);
    if (introduction?.state !== 'open') return undefined;
    return introduction.asker === account || introduction.answerer === account ? introduction : undefined;
  }

  /** The answer was yes. */
  open(introduction: Introduction): void {
    introduction.state = 'open';
  }

  end(introduction: Introduction): void {
    this.#bySid.delete(introduction.sid);
    for (const account of [introduction.asker, introduction.answerer]) {
      const all = this.#byAccount.get(account);
      all?.delete(introduction);
      if (all?.size === 0) this.#byAccount.delete(account);
    }
  }

  /** Ends all that a account takes part in, or only what they have with one other. @returns what was ended */
  endOf(account: AccountId, other?: AccountId): Introduction[] {
    return this.#endWhere(account, (each) => other === undefined || peerOf(each, account) === other);
  }

  /** Ends all that a account takes part in from another device than this one. @returns what was ended */
  endElsewhere(account: AccountId, device: string): Introduction[] {
    return this.#endWhere(
      account,
      (each) => (each.asker === account ? each.askerDevice : each.answererDevice) !== device,
    );
  }

  /** Ends the requests whose time has passed. @returns what was ended */
  expire(now: number): Introduction[] {
    const expired: Introduction[] = [];
    for (const introduction of this.#bySid.values()) {
      if (introduction.state === 'asked' && introduction.expiresAt <= now) expired.push(introduction);
    }
    for (const introduction of expired) this.end(introduction);
    return expired;
  }

  #endWhere(account: AccountId, isOver: (introduction: Introduction) => boolean): Introduction[] {
    const ended = [...(this.#byAccount.get(account) ?? [])].filter(isOver);
    for (const introduction of ended) this.end(introduction);
    return ended;
  }

  #of(account: AccountId): Set<Introduction> {
    const all = this.#byAccount.get(account) ?? new Set();
    this.#byAccount.set(account, all);
    return all;
  }

  #isFull(account: AccountId): boolean {
    return (this.#byAccount.get(account)?.size ?? 0) >= IN_ALL;
  }

  #between(a: AccountId, b: AccountId): Introduction | undefined {
    for (const each of this.#byAccount.get(a) ?? []) if (peerOf(each, a) === b) return each;
    return undefined;
  }

  #count(account: AccountId, counts: (introduction: Introduction) => boolean): number {
    let count = 0;
    for (const each of this.#byAccount.get(account) ?? []) if (counts(each)) count++;
    return count;
  }
}

/** The other of the two. */
export function peerOf(introduction: Introduction, account: AccountId): AccountId {
  return introduction.asker === account ? introduction.answerer : introduction.asker;
}
