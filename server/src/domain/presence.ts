import { LIMITS } from '../../../src/shared/limits.ts';
import type { Account, AccountId } from '../store/store.ts';
import { byKey } from './directory.ts';

/** An account that counts as online; `disconnectedAt` is set during the grace period after a lost connection (C1). */
interface PresenceEntry {
  readonly account: Account;
  readonly since: number;
  disconnectedAt: number | undefined;
}

/** An account whose grace period has passed. */
export interface ExpiredPresence {
  readonly account: Account;
  readonly disconnectedAt: number;
}

/** Accounts that are online, with the time of arrival (C1, C2). Pure: time is an argument. */
export class Presence {
  readonly #online = new Map<AccountId, PresenceEntry>();
  readonly #disconnected = new Map<AccountId, { account: Account; until: number }>();
  /** Last user action of disconnected accounts; kept beyond the grace period (B5). */
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

  /** Last user action before the connection was lost, however long ago; undefined if unknown. */
  lastAction(account: AccountId): number | undefined {
    return this.#lastActions.get(account);
  }

  /** @returns whether the account was offline before; within the grace period it never left */
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

  /** Starts the grace period of an account that has lost its connection. */
  markDisconnected(account: Account, lastAction: number, now: number): void {
    const entry = this.#online.get(account.id);
    if (!entry) return;
    entry.disconnectedAt = now;
    this.#lastActions.set(account.id, lastAction);
    this.#disconnected.set(account.id, { account, until: now + LIMITS.resumeGraceMs });
  }

  /** Restores an account that was online when the server stopped, with a grace period from now. */
  restore(account: Account, since: number, disconnectedAt: number, now: number): void {
    this.#online.set(account.id, { account, since, disconnectedAt });
    this.#disconnected.set(account.id, { account, until: now + LIMITS.resumeGraceMs });
    this.#sorted = undefined;
  }

  /** @returns whether the account was online */
  markOffline(account: AccountId): boolean {
    this.#disconnected.delete(account);
    this.#sorted = undefined;
    return this.#online.delete(account);
  }

  /** Marks accounts offline whose grace period has passed. @returns these accounts */
  expire(now: number): ExpiredPresence[] {
    const expired: ExpiredPresence[] = [];
    // Ordered by time of disconnection with the same grace period, so the first one within it ends the search.
    for (const [id, { account, until }] of this.#disconnected) {
      if (until > now) break;
      expired.push({ account, disconnectedAt: this.#online.get(id)?.disconnectedAt ?? now });
      this.markOffline(id);
    }
    return expired;
  }

  /** Online accounts with a canonical name after `after`, in order of that name. */
  *list(after: string): Generator<{ account: Account; since: number }> {
    this.#sorted ??= [...this.#online.values()].sort((a, b) => byKey(a.account, b.account));
    for (const { account, since } of this.#sorted) if (account.key > after) yield { account, since };
  }
}
