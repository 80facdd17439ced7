import type { Committed, HistoryStore, NewIncoming, StatusChange } from '../ports.ts';

/** Receives the outcome of a commit. */
export interface HistoryBatchHandler {
  /** All is on disk. @param settled what was collected, also if it has changed no message */
  committed(committed: Committed, settled: readonly StatusChange[]): void;
  /** Nothing was written; the server has to send the messages again. */
  failed(): void;
}

/**
 * Collects the incoming messages and the new statuses of one chunk from the network, and writes them in one transaction before
 * the client shows or confirms them (D3).
 */
export class HistoryBatch {
  #incoming: NewIncoming[] = [];
  #settled: StatusChange[] = [];

  constructor(
    private readonly history: HistoryStore,
    private readonly handler: HistoryBatchHandler,
  ) {}

  receive(message: NewIncoming): void {
    this.#incoming.push(message);
  }

  settle(settlement: StatusChange): void {
    this.#settled.push(settlement);
  }

  /** Writes what was collected. */
  flush(): void {
    const incoming = this.#incoming;
    const settled = this.#settled;
    if (incoming.length === 0 && settled.length === 0) return;
    this.#incoming = [];
    this.#settled = [];
    let committed: Committed;
    try {
      committed = this.history.commit(incoming, settled);
    } catch {
      this.handler.failed();
      return;
    }
    this.handler.committed(committed, settled);
  }
}
