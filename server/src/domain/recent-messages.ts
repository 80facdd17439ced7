import { DELIVERY_LIMITS } from '../../../src/shared/limits.ts';
import type { AccountId, Receipt } from '../store/store.ts';
import type { PendingMessage } from './pending-message.ts';

/** The newest messages by sender and id, so that a retry is recognised without a read from disk (D3). Bounded. */
export class RecentMessages {
  #young = new Generation();
  #old = new Generation();

  constructor(receipts: readonly Receipt[]) {
    for (const receipt of receipts.slice(0, DELIVERY_LIMITS.recentMessages)) {
      this.#old.add({ ...receipt, fromName: '', to: 0, text: '', bytes: 0, verdict: 'stored', requests: [] });
    }
  }

  find(from: AccountId, id: string): PendingMessage | undefined {
    return this.#young.find(from, id) ?? this.#old.find(from, id);
  }

  add(message: PendingMessage): void {
    if (this.#young.size >= DELIVERY_LIMITS.recentMessages) {
      this.#old = this.#young;
      this.#young = new Generation();
    }
    this.#young.add(message);
  }

  /** A refused message may be sent again under its id. */
  remove(message: PendingMessage): void {
    this.#young.remove(message);
    this.#old.remove(message);
  }
}

/** Keyed by sender, then by id, so that no combined key is built for each message. */
class Generation {
  size = 0;
  readonly #messages = new Map<AccountId, Map<string, PendingMessage>>();

  find(from: AccountId, id: string): PendingMessage | undefined {
    return this.#messages.get(from)?.get(id);
  }

  add(message: PendingMessage): void {
    let ofSender = this.#messages.get(message.from);
    if (!ofSender) {
      ofSender = new Map();
      this.#messages.set(message.from, ofSender);
    }
    ofSender.set(message.id, message);
    this.size++;
  }

  remove(message: PendingMessage): void {
    if (this.#messages.get(message.from)?.delete(message.id)) this.size--;
  }
}
