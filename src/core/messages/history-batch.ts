import type { Message } from '../../shared/client-api/view-state.ts';
import type { HistoryStore, NewIncoming, Settlement } from '../ports.ts';

/** Who is told what a commit has made safe. */
export interface HistoryBatchHandler {
  /** New messages, in order, and answers, all on disk now. */
  committed(added: readonly Message[], settled: readonly Settlement[]): void;
  /** Nothing of it could be written. Whoever sent it will have to send it again. */
  failed(): void;
}

/**
 * Gathers what one chunk from the network brought (incoming messages, answers to our own) and writes it in one
 * transaction, before anybody sees or confirms it (D3).
 */
export class HistoryBatch {
  #incoming: NewIncoming[] = [];
  #settled: Settlement[] = [];

  constructor(
    private readonly history: HistoryStore,
    private readonly handler: HistoryBatchHandler,
  ) {}

  receive(message: NewIncoming): void {
    this.#incoming.push(message);
  }

  settle(settlement: Settlement): void {
    this.#settled.push(settlement);
  }

  /** Writes what was gathered. */
  flush(): void {
    const incoming = this.#incoming;
    const settled = this.#settled;
    if (incoming.length === 0 && settled.length === 0) return;
    this.#incoming = [];
    this.#settled = [];
    let added: Message[];
    try {
      added = this.history.commit(incoming, settled);
    } catch {
      this.handler.failed();
      return;
    }
    this.handler.committed(added, settled);
  }
}
