import type { AccountId } from '../store/store.ts';

/** The blacklists of all accounts (E1). In memory, so that a block applies from the next line on (E2). */
export class Blacklist {
  readonly #blockedBy = new Map<AccountId, Set<AccountId>>();

  constructor(blocks: Iterable<{ by: AccountId; blocked: AccountId }>) {
    for (const { by, blocked } of blocks) this.add(by, blocked);
  }

  /** Whether `by` has blocked `other`; then `other` cannot reach `by` and sees nothing of `by` (C4, E2). */
  has(by: AccountId, other: AccountId): boolean {
    return this.#blockedBy.get(by)?.has(other) ?? false;
  }

  of(by: AccountId): ReadonlySet<AccountId> {
    return this.#blockedBy.get(by) ?? new Set();
  }

  /** @returns false if `blocked` is already blocked */
  add(by: AccountId, blocked: AccountId): boolean {
    const set = this.#blockedBy.get(by) ?? new Set();
    if (set.has(blocked)) return false;
    this.#blockedBy.set(by, set.add(blocked));
    return true;
  }

  /** @returns false if `blocked` is not blocked */
  remove(by: AccountId, blocked: AccountId): boolean {
    const set = this.#blockedBy.get(by);
    if (!set?.delete(blocked)) return false;
    if (set.size === 0) this.#blockedBy.delete(by);
    return true;
  }

  /** Drops all blocks by and of an account (B7). */
  forget(account: AccountId): void {
    this.#blockedBy.delete(account);
    for (const by of [...this.#blockedBy.keys()]) this.remove(by, account);
  }
}
