import type { AccountId, Receipt } from '../store/store.ts';
import type { Flight } from './flight.ts';

/** Ids of a generation. Two generations are held: at least this many of the newest messages are recognised. */
const GENERATION = 100_000;

/** The newest messages by sender and id, so that a retry is recognised without asking the disk (D3). Bounded. */
export class RecentMessages {
  #young = new Map<string, Flight>();
  #old = new Map<string, Flight>();

  constructor(receipts: readonly Receipt[]) {
    for (const receipt of receipts.slice(0, GENERATION)) {
      this.#old.set(keyOf(receipt.from, receipt.id), {
        ...receipt,
        fromName: '',
        to: 0,
        text: '',
        bytes: 0,
        verdict: 'stored',
        tickets: [],
      });
    }
  }

  find(from: AccountId, id: string): Flight | undefined {
    const key = keyOf(from, id);
    return this.#young.get(key) ?? this.#old.get(key);
  }

  add(flight: Flight): void {
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(keyOf(flight.from, flight.id), flight);
  }

  /** A refused message may be sent again under its id. */
  remove(flight: Flight): void {
    const key = keyOf(flight.from, flight.id);
    this.#young.delete(key);
    this.#old.delete(key);
  }
}

function keyOf(from: AccountId, id: string): string {
  return `${from}/${id}`;
}
