import { CLIENT_LIMITS } from '../../shared/limits.ts';
import { failed, type Failure, type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import type { Message, MessageStatus } from '../../shared/client-api/view-state.ts';
import type { Result } from '../../shared/protocol/messages.ts';
import type { RpcConnection } from '../connection/rpc-connection.ts';
import type { Clock, HistoryStore, NewOutgoing, StatusChange, Timer } from '../ports.ts';
import type { HistoryBatch } from './history-batch.ts';
import type { TokenBucket } from '../../shared/token-bucket.ts';

interface Entry {
  readonly position: number;
  readonly id: string;
  readonly conversation: string;
  readonly to: string;
  readonly text: string;
  attempted: boolean;
}

/** Receives the changes of the messages. */
export interface OutboxHandler {
  statusChanged(
    entry: { readonly id: string; readonly conversation: string; readonly to: string },
    status: MessageStatus,
  ): void;
  waitingChanged(waiting: number): void;
  /** A request got no answer: the connection has to be dropped. */
  unanswered(): void;
  /** The disk failed, so nothing may be sent. */
  storageFailed(): void;
}

/** Temporary refusals: the same message is sent again later. */
const TEMPORARY = new Set(['slow-down', 'storage', 'too-many-requests', 'not-signed-in']);

/**
 * Messages on their way to the server. Each is on disk before it is sent, until its answer is on disk too (D3, D8);
 * unanswered messages are sent again with the same id. Order (D4): sent in the order written, at most 32 unanswered;
 * after a temporary refusal nothing is sent until all others are answered and the pause is over, and then the refused
 * message is first.
 */
export class Outbox {
  #waiting: Entry[] = [];
  #inFlight = new Map<string, Entry>();
  /** Answered messages whose answer is not on disk yet. */
  #settling = new Map<string, Entry>();
  #connection: RpcConnection | undefined;
  #holdUntil = 0;
  #storageDelay: number = CLIENT_LIMITS.storageRetryMs;
  #timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly history: HistoryStore,
    private readonly historyBatch: HistoryBatch,
    private readonly sendRate: TokenBucket,
    private readonly handler: OutboxHandler,
  ) {
    this.#waiting = history.outbox().map(entryOf);
  }

  /** Messages without an answer yet. */
  get size(): number {
    return this.#waiting.length + this.#inFlight.size + this.#settling.size;
  }

  /** Writes a message to disk and queues it. */
  add(message: Omit<NewOutgoing, 'status' | 'to'> & { readonly to: string }): Outcome<Message> {
    if (this.size >= CLIENT_LIMITS.messagesWaiting) return failed('outbox-full');
    // If the message is sent at once, the same transaction marks it as attempted.
    const attempted = this.#maySend() && this.#waiting.length === 0;
    let stored: Message;
    try {
      stored = this.history.addOutgoing({ ...message, status: { state: 'queued', attempted } });
    } catch {
      return failed('storage-here');
    }
    this.#waiting.push(entryOf(stored));
    return succeeded(stored);
  }

  /** Sends the messages that may be sent now. Called after `add`, when the view has the message. */
  pump(): void {
    const sendable = this.#takeSendable();
    const unmarked = sendable.filter((entry) => !entry.attempted);
    if (unmarked.length > 0) {
      try {
        this.history.markAttempted(unmarked.map(({ id }) => id));
      } catch {
        this.#waiting = [...sendable, ...this.#waiting];
        this.handler.storageFailed();
        return;
      }
      for (const entry of unmarked) {
        entry.attempted = true;
        this.handler.statusChanged(entry, { state: 'queued', attempted: true });
      }
    }
    // All are marked in flight before the first is sent: its answer may call `pump` again.
    for (const entry of sendable) this.#inFlight.set(entry.id, entry);
    for (const entry of sendable) this.#send(entry);
  }

  /** Cancels a message that was not sent yet (D8). */
  cancel(id: string): Outcome<{ conversation: string }> {
    const entry = this.#waiting.find((one) => one.id === id);
    if (entry?.attempted === true || this.#inFlight.has(id)) return failed('already-sent');
    if (entry === undefined) return failed('not-waiting');
    try {
      this.history.remove(id);
    } catch {
      return failed('storage-here');
    }
    this.#waiting = this.#waiting.filter((one) => one !== entry);
    this.handler.waitingChanged(this.size);
    return succeeded({ conversation: entry.conversation });
  }

  online(connection: RpcConnection): void {
    this.offline();
    this.#connection = connection;
    this.#holdUntil = 0;
    this.pump();
  }

  /** Queues every unanswered message again, in order. */
  offline(): void {
    this.#connection = undefined;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#sendAgain([...this.#inFlight.values(), ...this.#settling.values()]);
    this.#inFlight.clear();
    this.#settling.clear();
  }

  /** New statuses are on disk. One may belong to a message whose answer was lost: it is not sent again. */
  committed(settled: readonly StatusChange[]): void {
    for (const { id } of settled) {
      this.#settling.delete(id);
      this.#inFlight.delete(id);
    }
    if (settled.length > 0 && this.#waiting.length > 0) {
      const ids = new Set(settled.map(({ id }) => id));
      this.#waiting = this.#waiting.filter(({ id }) => !ids.has(id));
    }
    if (settled.length > 0) this.handler.waitingChanged(this.size);
    this.pump();
  }

  #maySend(): boolean {
    if (this.#connection === undefined || this.#inFlight.size >= CLIENT_LIMITS.messagesInFlight) return false;
    return this.#holdUntil === 0 || (this.#inFlight.size === 0 && this.clock.now() >= this.#holdUntil);
  }

  /** Removes the messages that may be sent now from the front of the queue. */
  #takeSendable(): Entry[] {
    const sendable: Entry[] = [];
    if (!this.#maySend()) {
      const hold = this.#holdUntil - this.clock.now();
      if (this.#connection !== undefined && this.#holdUntil > 0 && hold > 0) this.#pumpIn(hold);
      return sendable;
    }
    this.#holdUntil = 0;
    while (sendable.length + this.#inFlight.size < CLIENT_LIMITS.messagesInFlight && this.#waiting.length > 0) {
      const wait = this.sendRate.take(this.clock.now());
      if (wait > 0) {
        this.#pumpIn(wait);
        break;
      }
      const [first] = this.#waiting.splice(0, 1);
      if (first !== undefined) sendable.push(first);
    }
    return sendable;
  }

  #send(entry: Entry): void {
    const { id, to, text } = entry;
    const connection = this.#connection;
    connection?.request('message.send', { id, to, text }, (outcome) => {
      if (this.#connection === connection && this.#inFlight.delete(id)) this.#answered(entry, outcome);
    });
  }

  #answered(entry: Entry, outcome: Outcome<Result<'message.send'>>): void {
    if (outcome.ok) {
      this.#storageDelay = CLIENT_LIMITS.storageRetryMs;
      this.#settle(entry, { state: outcome.result.status }, outcome.result.at);
      return;
    }
    const { failure } = outcome;
    if (failure.reason === 'connection-lost' || failure.reason === 'no-answer') {
      this.#sendAgain([entry]);
      if (failure.reason === 'no-answer') this.handler.unanswered();
    } else if (TEMPORARY.has(failure.reason)) {
      this.#sendAgain([entry]);
      this.#hold(failure);
    } else this.#settle(entry, { state: 'refused', reason: failure.reason });
  }

  /** @param at the server's time of the message (D10) */
  #settle(entry: Entry, status: MessageStatus, at?: number): void {
    this.#settling.set(entry.id, entry);
    this.historyBatch.settle({ id: entry.id, status, ...(at === undefined ? {} : { at }) });
  }

  #hold(failure: Failure): void {
    const wait = Math.min(failure.retryAfterMs ?? this.#storageDelay, CLIENT_LIMITS.retryAfterMaxMs);
    if (failure.reason === 'storage') {
      this.#storageDelay = Math.min(this.#storageDelay * 2, CLIENT_LIMITS.storageRetryMaxMs);
    }
    this.#holdUntil = Math.max(this.#holdUntil, this.clock.now() + Math.max(1, wait));
    this.#pumpIn(this.#holdUntil - this.clock.now());
  }

  #pumpIn(milliseconds: number): void {
    this.#timer?.cancel();
    this.#timer = this.clock.after(milliseconds, () => this.pump());
  }

  #sendAgain(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    this.#waiting = [...entries, ...this.#waiting].sort((one, other) => one.position - other.position);
  }
}

function entryOf({ position, id, conversation, to = '', text, status }: Message): Entry {
  return { position, id, conversation, to, text, attempted: status.state === 'queued' && status.attempted };
}
