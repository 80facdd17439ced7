import { CLIENT_LIMITS } from '../../shared/limits.ts';
import { failed, type Failure, type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import type { Message, MessageStatus } from '../../shared/client-api/view-state.ts';
import type { Result } from '../../shared/protocol/messages.ts';
import type { RpcConnection } from '../connection/rpc-connection.ts';
import type { Clock, HistoryStore, NewOutgoing, Settlement, Timer } from '../ports.ts';
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

/** Who is told what becomes of the messages. */
export interface OutboxHandler {
  statusChanged(
    entry: { readonly id: string; readonly conversation: string; readonly to: string },
    status: MessageStatus,
  ): void;
  waitingChanged(waiting: number): void;
  /** The connection does not answer: it has to be given up. */
  unanswered(): void;
  /** The disk does not take what has to be remembered before sending. */
  storageFailed(): void;
}

/** Refusals that pass: the same message is sent again later. */
const PASSING = new Set(['slow-down', 'storage', 'too-many-requests', 'not-signed-in']);

/**
 * Messages on their way to the server. Each is on disk before it is sent and stays there until its answer is on disk
 * too (D3, D8); what was not answered is sent again with the same id. Order (D4): sent in the order written, at most
 * 32 unanswered; after a passing refusal nothing new goes out until all others are answered and the pause is over,
 * and then the refused one goes first.
 */
export class Outbox {
  #waiting: Entry[] = [];
  #inFlight = new Map<string, Entry>();
  /** Answered, the answer not yet on disk. */
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

  /** Messages that have no answer yet. */
  get size(): number {
    return this.#waiting.length + this.#inFlight.size + this.#settling.size;
  }

  /** Puts a message on disk, then on its way. */
  add(message: Omit<NewOutgoing, 'status' | 'to'> & { readonly to: string }): Outcome<Message> {
    if (this.size >= CLIENT_LIMITS.messagesWaiting) return failed('outbox-full');
    // Where it will leave at once, that is noted in the same transaction.
    const attempted = this.#mayLeave() && this.#waiting.length === 0;
    let stored: Message;
    try {
      stored = this.history.addOutgoing({ ...message, status: { state: 'queued', attempted } });
    } catch {
      return failed('storage-here');
    }
    this.#waiting.push(entryOf(stored));
    return succeeded(stored);
  }

  /** Sends what may be sent. Called after `add`, once the person has been shown the message. */
  pump(): void {
    const leaving = this.#leaving();
    const unmarked = leaving.filter((entry) => !entry.attempted);
    if (unmarked.length > 0) {
      try {
        this.history.markAttempted(unmarked.map(({ id }) => id));
      } catch {
        this.#waiting = [...leaving, ...this.#waiting];
        this.handler.storageFailed();
        return;
      }
      for (const entry of unmarked) {
        entry.attempted = true;
        this.handler.statusChanged(entry, { state: 'queued', attempted: true });
      }
    }
    // All are in flight before the first is sent: an answer may pump again from within.
    for (const entry of leaving) this.#inFlight.set(entry.id, entry);
    for (const entry of leaving) this.#send(entry);
  }

  /** Withdraws a message that has not left yet (D8). */
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

  /** Everything unanswered will be sent again, in order. */
  offline(): void {
    this.#connection = undefined;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#sendAgain([...this.#inFlight.values(), ...this.#settling.values()]);
    this.#inFlight.clear();
    this.#settling.clear();
  }

  /** These answers are on disk now. */
  committed(settled: readonly Settlement[]): void {
    for (const { id, status } of settled) {
      const entry = this.#settling.get(id);
      if (entry === undefined) continue;
      this.#settling.delete(id);
      this.handler.statusChanged(entry, status);
    }
    if (settled.length > 0) this.handler.waitingChanged(this.size);
    this.pump();
  }

  #mayLeave(): boolean {
    if (this.#connection === undefined || this.#inFlight.size >= CLIENT_LIMITS.messagesInFlight) return false;
    return this.#holdUntil === 0 || (this.#inFlight.size === 0 && this.clock.now() >= this.#holdUntil);
  }

  /** Takes from the front of the queue what may be sent now. */
  #leaving(): Entry[] {
    const leaving: Entry[] = [];
    if (!this.#mayLeave()) {
      const hold = this.#holdUntil - this.clock.now();
      if (this.#connection !== undefined && this.#holdUntil > 0 && hold > 0) this.#pumpIn(hold);
      return leaving;
    }
    this.#holdUntil = 0;
    while (leaving.length + this.#inFlight.size < CLIENT_LIMITS.messagesInFlight && this.#waiting.length > 0) {
      const wait = this.sendRate.take(this.clock.now());
      if (wait > 0) {
        this.#pumpIn(wait);
        break;
      }
      const [first] = this.#waiting.splice(0, 1);
      if (first !== undefined) leaving.push(first);
    }
    return leaving;
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
      this.#settle(entry, { state: outcome.result.status });
      return;
    }
    const { failure } = outcome;
    if (failure.reason === 'connection-lost' || failure.reason === 'no-answer') {
      this.#sendAgain([entry]);
      if (failure.reason === 'no-answer') this.handler.unanswered();
    } else if (PASSING.has(failure.reason)) {
      this.#sendAgain([entry]);
      this.#hold(failure);
    } else this.#settle(entry, { state: 'refused', reason: failure.reason });
  }

  #settle(entry: Entry, status: MessageStatus): void {
    this.#settling.set(entry.id, entry);
    this.historyBatch.settle({ id: entry.id, status });
  }

  #hold(failure: Failure): void {
    const wait = failure.retryAfterMs ?? this.#storageDelay;
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
