import { STORE_LIMITS } from '../../../../src/shared/limits.ts';
import { Worker } from 'node:worker_threads';
import { StorageError } from '../store.ts';
import { DataFolderError } from './data-folder.ts';
import type { WriterReply, Operation, WriterRequest, WriteKind, WriterSettings, Writes } from './operations.ts';

interface PendingWrite {
  readonly operation: Operation;
  readonly rows: number;
  readonly weight: number;
  readonly resolve: (outcome: unknown) => void;
  readonly reject: (error: StorageError) => void;
}

/** Collects writes into batches for the writer's thread (group commit), in order. */
export class WriteQueue {
  readonly #worker: Worker;
  readonly #onFatal: (error: StorageError) => void;
  #inFlight: readonly PendingWrite[] = [];
  #waiting: PendingWrite[] = [];
  #waitingWeight = 0;
  #flushScheduled = false;
  #closed: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  #closeSent = false;
  #failure: StorageError | undefined;

  private constructor(worker: Worker, onFatal: (error: StorageError) => void) {
    this.#worker = worker;
    this.#onFatal = onFatal;
    worker.on('message', (message: WriterReply) => this.#receive(message));
    worker.on('error', (error) => this.#fail(error.message));
    worker.on('exit', () => this.#exited());
  }

  /**
   * Starts the writer.
   * @param workerUrl the built `store-worker.js`
   * @param onFatal called at most once, if the writer ends unexpectedly
   * @throws DataFolderError if the database cannot be used
   */
  static start(workerUrl: URL, settings: WriterSettings, onFatal: (error: StorageError) => void): Promise<WriteQueue> {
    const worker = new Worker(workerUrl, { workerData: settings, name: 'store' });
    return new Promise((resolve, reject) => {
      const failed = (error: Error) => reject(new DataFolderError(`The store did not start: ${error.message}.`));
      const ended = () => failed(new Error('its thread ended'));
      worker.once('error', failed);
      worker.once('exit', ended);
      worker.once('message', (message: WriterReply) => {
        worker.off('error', failed);
        worker.off('exit', ended);
        if (message.kind === 'ready') resolve(new WriteQueue(worker, onFatal));
        // Waits for the end of the thread, which releases the database.
        else
          worker.once('exit', () =>
            reject(new DataFolderError(message.kind === 'unusable' ? message.message : message.kind)),
          );
      });
    });
  }

  /**
   * @param rows number of rows that the write adds to its transaction
   * @param characters of text in the write
   * @returns the outcome, after commit and sync
   * @throws StorageError; then nothing has changed
   */
  write<K extends WriteKind>(
    kind: K,
    input: Writes[K]['input'],
    rows = 1,
    characters = 0,
  ): Promise<Writes[K]['outcome']> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#closed) return Promise.reject(new StorageError('The store is closed.'));
    const weight = STORE_LIMITS.writeWeight * rows + characters;
    if (this.#waitingWeight + weight > STORE_LIMITS.waitingWeight) {
      return Promise.reject(new StorageError('The disk cannot keep up with what is to be stored.'));
    }
    return new Promise((resolve, reject) => {
      this.#waitingWeight += weight;
      const operation = { kind, input } as Operation;
      this.#waiting.push({ operation, rows, weight, resolve: resolve as (outcome: unknown) => void, reject });
      this.#scheduleFlush();
    });
  }

  /** Commits waiting writes and ends the writer. Never rejects. */
  close(): Promise<void> {
    if (this.#closed) return this.#closed.promise;
    let resolve = () => {};
    const promise = new Promise<void>((resolved) => {
      resolve = resolved;
    });
    this.#closed = { promise, resolve };
    if (this.#failure) resolve();
    else this.#scheduleFlush();
    return promise;
  }

  /** Flushes at the end of this turn of the event loop, so that the writes of all connections share a batch. */
  #scheduleFlush(): void {
    if (this.#flushScheduled || this.#inFlight.length > 0) return;
    this.#flushScheduled = true;
    setImmediate(() => {
      this.#flushScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#failure || this.#closeSent || this.#inFlight.length > 0) return;
    if (this.#waiting.length > 0) {
      this.#sendBatch();
    } else if (this.#closed) {
      this.#closeSent = true;
      this.#send('close');
    }
  }

  #sendBatch(): void {
    let rows = 0;
    let count = 0;
    for (const pending of this.#waiting) {
      if (count > 0 && rows + pending.rows > STORE_LIMITS.batchRows) break;
      rows += pending.rows;
      count++;
      this.#waitingWeight -= pending.weight;
    }
    this.#inFlight = this.#waiting.splice(0, count);
    this.#send(this.#inFlight.map((pending) => pending.operation));
  }

  #send(message: WriterRequest): void {
    this.#worker.postMessage(message);
  }

  #receive(message: WriterReply): void {
    if (message.kind !== 'outcomes' && message.kind !== 'rolled-back') return;
    const batch = this.#inFlight;
    this.#inFlight = [];
    // Sends the next batch first, so that the writer works while the outcomes are handled.
    this.#flush();
    if (message.kind === 'outcomes') {
      for (const [i, pending] of batch.entries()) pending.resolve(message.outcomes[i]);
    } else {
      const error = new StorageError(`The server could not store this: ${message.cause}.`);
      for (const pending of batch) pending.reject(error);
    }
  }

  #exited(): void {
    if (this.#closeSent) this.#closed?.resolve();
    else this.#fail('its thread ended');
  }

  #fail(cause: string): void {
    if (this.#failure) return;
    const error = new StorageError(`The store has failed and takes nothing more: ${cause}.`);
    this.#failure = error;
    const lost = [...this.#inFlight, ...this.#waiting];
    this.#inFlight = [];
    this.#waiting = [];
    for (const pending of lost) pending.reject(error);
    this.#closed?.resolve();
    this.#onFatal(error);
  }
}
