import { LIMITS } from '../../shared/limits.ts';
import type { MessageStatus } from '../../shared/client-api/view-state.ts';
import type { ServerParams } from '../../shared/protocol/messages.ts';
import type { RpcConnection } from '../connection/rpc-connection.ts';
import type { Clock, Timer } from '../ports.ts';
import { conversationWith } from '../../shared/client-api/conversation-id.ts';
import type { HistoryBatch } from './history-batch.ts';

/**
 * Receives messages and settlements, and confirms them cumulatively when they are on disk: the first at once, later ones
 * together, at the latest 50 ms or 64 messages after [ASIDE-7.2-3].
 */
export class Inbox {
  #connection: RpcConnection | undefined;
  #received = 0;
  #stored = 0;
  #confirmed = 0;
  #pause: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly historyBatch: HistoryBatch,
  ) {}

  online(connection: RpcConnection): void {
    this.offline();
    this.#connection = connection;
  }

  offline(): void {
    this.#connection = undefined;
    this.#received = this.#stored = this.#confirmed = 0;
    this.#pause?.cancel();
    this.#pause = undefined;
  }

  /** @param self username of this client */
  receive({ n, id, from, text, at }: ServerParams<'message.new'>, self: string): void {
    if (!this.#counts(n)) return;
    this.historyBatch.receive({ id, conversation: conversationWith(from), from, to: self, text, at });
  }

  /** Receives the final status of a stored message (D2). */
  receiveSettled({ n, id, status }: ServerParams<'message.settled'>): void {
    if (!this.#counts(n)) return;
    const settled: MessageStatus = status === 'delivered' ? { state: status } : { state: 'refused', reason: status };
    this.historyBatch.settle({ id, status: settled });
  }

  #counts(n: number): boolean {
    if (n !== this.#received + 1) {
      // Confirmations are cumulative: after a gap they would confirm a message that never arrived.
      this.#connection?.drop({ kind: 'protocol-error', detail: `message ${n} after message ${this.#received}` });
      return false;
    }
    this.#received = n;
    return true;
  }

  /** All received messages and statuses are on disk. */
  committed(): void {
    this.#stored = this.#received;
    if (this.#pause === undefined || this.#stored - this.#confirmed >= LIMITS.confirmBatch) this.#confirm();
  }

  #confirm(): void {
    this.#pause?.cancel();
    this.#pause = undefined;
    if (this.#stored === this.#confirmed || this.#connection === undefined) return;
    this.#confirmed = this.#stored;
    this.#connection.notify('message.confirm', { through: this.#stored });
    this.#pause = this.clock.after(LIMITS.confirmDelayMs, () => this.#confirm());
  }
}
