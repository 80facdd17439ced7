import { DELIVERY_LIMITS } from '../../../src/shared/limits.ts';
import type { AccountId } from '../store/store.ts';

/** Number of recipients of a broadcast, and whether a block has left an online user out. */
export interface BroadcastReach {
  readonly recipients: number;
  readonly someBlocked: boolean;
}

/** The newest broadcasts, so that a retry gets the same answer and reaches no user twice. Bounded. */
export class RecentBroadcasts {
  readonly #known = new Map<string, { fingerprint: number; reach: BroadcastReach }>();

  /** @returns the answer of an earlier broadcast with this id; `conflict` if its text was another */
  find(from: AccountId, id: string, fingerprint: number): BroadcastReach | 'conflict' | undefined {
    const known = this.#known.get(`${from}/${id}`);
    if (!known) return undefined;
    return known.fingerprint === fingerprint ? known.reach : 'conflict';
  }

  add(from: AccountId, id: string, fingerprint: number, reach: BroadcastReach): void {
    this.#known.set(`${from}/${id}`, { fingerprint, reach });
    if (this.#known.size <= DELIVERY_LIMITS.recentBroadcasts) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
