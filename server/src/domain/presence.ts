import { LIMITS } from '../../../src/shared/limits.ts';
import type { Account, AccountId } from '../store/store.ts';
import { byKey } from './directory.ts';

/** Somebody who counts as online; `droppedAt` is set while their connection is gone and they may still come back (C1). */
interface Present {
  readonly account: Account;
  readonly since: number;
  droppedAt: number | undefined;
}

/** Somebody whose time to come back has passed. */
export interface Departed {
  readonly account: Account;
  readonly droppedAt: number;
}

/** Who is online, and since when (C1, C2). Pure: time is an argument. */
export class Presence {
  readonly #present = new Map<AccountId, Present>();
  readonly #dropped = new Map<AccountId, { account: Account; until: number }>();
  /** When somebody whose connection is gone last did something; outlives the time of grace (B5). */
  readonly #lastActions = new Map<AccountId, number>();
  #sorted: readonly Present[] | undefined;

  get size(): number {
    return this.#present.size;
  }

  has(account: AccountId): boolean {
    return this.#present.has(account);
  }

  since(account: AccountId): number | undefined {
    return this.#present.get(account)?.since;
  }

  /** The last action of somebody whose connection was lost, however long ago; undefined where nothing is known. */
  lastAction(account: AccountId): number | undefined {
    return this.#lastActions.get(account);
  }

  /** @returns whether this is news; somebody who came back in time never left */
  arrive(account: Account, now: number): boolean {
    const present = this.#present.get(account.id);
    this.#dropped.delete(account.id);
    if (present) {
      present.droppedAt = undefined;
      return false;
    }
    this.#present.set(account.id, { account, since: now, droppedAt: undefined });
    this.#sorted = undefined;
    return true;
  }

  /** The connection is gone; the person may come back within the time of grace. */
  drop(account: Account, lastAction: number, now: number): void {
    const present = this.#present.get(account.id);
    if (!present) return;
    present.droppedAt = now;
    this.#lastActions.set(account.id, lastAction);
    this.#dropped.set(account.id, { account, until: now + LIMITS.resumeGraceMs });
  }

  /** Takes over somebody who was online when the server stopped: the same time of grace, from now. */
  restore(account: Account, since: number, droppedAt: number, now: number): void {
    this.#present.set(account.id, { account, since, droppedAt });
    this.#dropped.set(account.id, { account, until: now + LIMITS.resumeGraceMs });
    this.#sorted = undefined;
  }

  /** @returns whether they were online until now */
  leave(account: AccountId): boolean {
    this.#dropped.delete(account);
    this.#sorted = undefined;
    return this.#present.delete(account);
  }

  /** Those whose time of grace has passed; they are no longer online. */
  expire(now: number): Departed[] {
    const departed: Departed[] = [];
    // In order of dropping, and all have the same time: the first that may still come back ends the search.
    for (const [id, { account, until }] of this.#dropped) {
      if (until > now) break;
      departed.push({ account, droppedAt: this.#present.get(id)?.droppedAt ?? now });
      this.leave(id);
    }
    return departed;
  }

  /** Everybody online with a canonical name after `after`, in order of that name. */
  *list(after: string): Generator<{ account: Account; since: number }> {
    this.#sorted ??= [...this.#present.values()].sort((a, b) => byKey(a.account, b.account));
    for (const { account, since } of this.#sorted) if (account.key > after) yield { account, since };
  }
}
