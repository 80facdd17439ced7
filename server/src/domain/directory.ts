import type { Account, AccountId } from '../store/store.ts';
import { canonicalUsername } from './usernames.ts';

/** All accounts, in memory, so that a message finds its recipient without a read from disk. */
export class Directory {
  readonly #byId = new Map<AccountId, Account>();
  readonly #byName = new Map<string, Account>();
  readonly #byKey = new Map<string, Account>();
  readonly #bySkeleton = new Map<string, Account>();

  constructor(accounts: Iterable<Account>) {
    for (const account of accounts) this.add(account);
  }

  get size(): number {
    return this.#byId.size;
  }

  add(account: Account): void {
    this.#byId.set(account.id, account);
    this.#byName.set(account.username, account);
    this.#byKey.set(account.key, account);
    this.#bySkeleton.set(account.skeleton, account);
  }

  remove(account: Account): void {
    this.#byId.delete(account.id);
    this.#byName.delete(account.username);
    this.#byKey.delete(account.key);
    this.#bySkeleton.delete(account.skeleton);
  }

  byId(id: AccountId): Account | undefined {
    return this.#byId.get(id);
  }

  byKey(key: string): Account | undefined {
    return this.#byKey.get(key);
  }

  /** Finds an account by its username in any case and Unicode form (B1). */
  find(name: string): Account | undefined {
    const exact = this.#byName.get(name);
    if (exact) return exact;
    const canonical = canonicalUsername(name);
    return canonical && this.#byKey.get(canonical.key);
  }

  /** Whether a username equals or looks like one that exists (B1). */
  isTaken(name: { key: string; skeleton: string }): boolean {
    return this.#byKey.has(name.key) || this.#bySkeleton.has(name.skeleton);
  }

  /** Finds accounts by prefix of the canonical username, in order of that name. */
  search(prefix: string, limit: number, accept: (account: Account) => boolean): Account[] {
    const wanted = prefix.toLowerCase().normalize('NFC');
    const found: Account[] = [];
    for (const account of this.#byId.values()) {
      if (account.key.startsWith(wanted) && accept(account)) found.push(account);
    }
    return found.sort(byKey).slice(0, limit);
  }
}

/** Orders accounts by canonical username, by code unit: the same on every machine, so that pages fit together. */
export function byKey(a: Account, b: Account): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
