import type { AccountId, Receipt } from '../store/store.ts';
import type { Flight } from './flight.ts';

/** Ids of a generation. Two generations are held: at least this many of the newest messages are recognised. */
const GENERATION = 100_000;

/** The newest messages by sender and id, so that a retry is recognised without asking the disk (D3). Bounded. */
export class RecentMessages {
  #young = new Generation();
  #old = new Generation();

  constructor(receipts: readonly Receipt[]) {
    for (const receipt of receipts.slice(0, GENERATION)) {
      this.#old.add({ ...receipt, fromName: '', to: 0, text: '', bytes: 0, verdict: 'stored', tickets: [] });
    }
  }

  find(from: AccountId, id: string): Flight | undefined {
    return this.#young.find(from, id) ?? this.#old.find(from, id);
  }

  add(flight: Flight): void {
    if (this.#young.size >= GENERATION) {
      this.#old = this.#young;
      this.#young = new Generation();
    }
    this.#young.add(flight);
  }

  /** A refused message may be sent again under its id. */
  remove(flight: Flight): void {
    this.#young.remove(flight);
    this.#old.remove(flight);
  }
}

/** By sender, then by id: no key has to be put together for each message. */
class Generation {
  size = 0;
  readonly #flights = new Map<AccountId, Map<string, Flight>>();

  find(from: AccountId, id: string): Flight | undefined {
    return this.#flights.get(from)?.get(id);
  }

  add(flight: Flight): void {
    let ofSender = this.#flights.get(flight.from);
    if (!ofSender) {
      ofSender = new Map();
      this.#flights.set(flight.from, ofSender);
    }
    ofSender.set(flight.id, flight);
    this.size++;
  }

  remove(flight: Flight): void {
    if (this.#flights.get(flight.from)?.delete(flight.id)) this.size--;
  }
}
