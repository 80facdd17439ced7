import { LIMITS } from '../../../src/shared/limits.ts';
import type { Account, AccountId } from '../store/store.ts';
import { byKey } from './directory.ts';

/** Somebody who counts as online; `disconnectedAt` is set while their connection is gone and they may still come back (C1). */
interface PresenceEntry {
  readonly account: Account;
  readonly since: number;
  disconnectedAt: number | undefined;
}

/** Somebody whose time to come back has passed. */
export interface ExpiredPresence {
  readonly account: Account;
  readonly disconnectedAt: number;
}

/** Who is online, and since when (C1, C2). Pure: time is an argument. */
export class Presence {
  readonly #online = new Map<AccountId, PresenceEntry>();
  readonly #disconnected = new Map<AccountId, { account: Account; until: number }>();
  /** When somebody whose connection is gone last did something; outlives the time of grace (B5). */
  readonly #lastActions = new Map<AccountId, number>();
  #sorted: readonly PresenceEntry[] | undefined;

  get size(): number {
    return this.#online.size;
  }

  has(account: AccountId): boolean {
    return this.#online.has(account);
  }

  since(account: AccountId): number | undefined {
    return this.#online.get(account)?.since;
  }

  /** The last action of somebody whose connection was lost, however long ago; undefined where nothing is known. */
  lastAction(account: AccountId): number | undefined {
    return this.#lastActions.get(account);
  }

  /** @returns whether this is news; somebody who came back in time never left */
  markOnline(account: Account, now: number): boolean {
    const entry = this.#online.get(account.id);
    this.#disconnected.delete(account.id);
    if (entry) {
      entry.disconnectedAt = undefined;
      return false;
    }
    this.#online.set(account.id, { account, since: now, disconnectedAt: undefined });
    this.#sorted = undefined;
    return true;
  }

  /** The connection is gone; the person may come back within the time of grace. */
  markDisconnected(account: Account, lastAction: number, now: number): void {
    const entry = this.#online.get(account.id);
    if (!entry) return;
    entry.disconnectedAt = now;
    this.#lastActions.set(account.id, lastAction);
    this.#disconnected.set(account.id, { account, until: now + LIMITS.resumeGraceMs });
  }

  /** Takes over somebody who was online when the server stopped: the same time of grace, from now. */
  restore(account: Account, since: number, disconnectedAt: number, now: number): void {
    this.#online.set(account.id, { account, since, disconnectedAt });
    this.#disconnected.set(account.id, { account, until: now + LIMITS.resumeGraceMs });
    this.#sorted = undefined;
  }

  /** @returns whether they were online until now */
  markOffline(account: AccountId): boolean {
    this.#disconnected.delete(account);
    this.#sorted = undefined;
    return this.#online.delete(account);
  }

  /** Those whose time of grace has passed; they are no longer online. */
  expire(now: number): ExpiredPresence[] {
    const expired: ExpiredPresence[] = [];
    // In order of dropping, and all have the same time: the first that may still come back ends the search.
    for (const [id, { account, until }] of this.#disconnected) {
      if (until > now) break;
      expired.push({ account, disconnectedAt: this.#online.get(id)?.disconnectedAt ?? now });
      this.markOffline(id);
    }
    return expired;
  }

  /** Everybody online with a canonical name after `after`, in order of that name. */
  *list(after: string): Generator<{ account: Account; since: number }> {
    this.#sorted ??= [...this.#online.values()].sort((a, b) => byKey(a.account, b.account));
    for (const { account, since } of this.#sorted) if (account.key > after) yield { account, since };
  }
}
