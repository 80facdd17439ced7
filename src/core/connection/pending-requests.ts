import { CLIENT_LIMITS, LIMITS } from '../../shared/limits.ts';
import { clientFailure, type Failure, type Outcome } from '../../shared/client-api/failure.ts';
import { errorData, RESULTS, type RequestMethod, type Result } from '../../shared/protocol/messages.ts';
import { REASONS } from '../../shared/protocol/reasons.ts';
import { z } from 'zod';
import type { Clock, Timer } from '../ports.ts';

interface Waiting {
  /** Checks the answer and passes it on. @returns false if the result has another shape */
  readonly settle: (answer: { readonly result: unknown } | { readonly failure: Failure }) => boolean;
  readonly timer: Timer;
}

interface Queued {
  readonly send: (id: number) => void;
  readonly waiting: Waiting;
}

const errorAnswer = z.object({ message: z.string(), data: errorData });

/**
 * Requests without an answer yet: at most 64 outstanding, a bounded queue behind them, a deadline for each. Callbacks run
 * while the answer is read, so that the lines after the answer find its effect.
 */
export class PendingRequests {
  #outstanding = new Map<number, Waiting>();
  #queue: Queued[] = [];
  #lastId = 0;

  constructor(private readonly clock: Clock) {}

  /**
   * @param send writes the request with the given id
   * @param done gets the checked result or the failure; called exactly once
   */
  add<M extends RequestMethod>(
    method: M,
    send: (id: number) => void,
    done: (outcome: Outcome<Result<M>>) => void,
  ): void {
    const schema: z.ZodType<Result<M>> = RESULTS[method] as unknown as z.ZodType<Result<M>>;
    const waiting: Waiting = {
      settle: (answer) => {
        waiting.timer.cancel();
        if ('failure' in answer) {
          done({ ok: false, failure: answer.failure });
          return true;
        }
        const checked = schema.safeParse(answer.result);
        done(
          checked.success
            ? { ok: true, result: checked.data }
            : { ok: false, failure: clientFailure('connection-lost') },
        );
        return checked.success;
      },
      timer: this.clock.after(CLIENT_LIMITS.requestMs, () => this.#expire(waiting)),
    };
    if (this.#queue.length >= CLIENT_LIMITS.requestsQueued) {
      waiting.settle({ failure: clientFailure('too-many-waiting') });
      return;
    }
    this.#queue.push({ send, waiting });
    this.#fill();
  }

  /**
   * Takes an answer of the server.
   * @returns false if the server broke the protocol: an id without a request, or a result of another shape
   */
  answered(id: string | number, answer: { readonly result: unknown } | { readonly error: unknown }): boolean {
    const waiting = typeof id === 'number' ? this.#outstanding.get(id) : undefined;
    if (waiting === undefined) return typeof id === 'number' && id > 0 && id <= this.#lastId;
    this.#outstanding.delete(Number(id));
    const understood = 'result' in answer ? waiting.settle(answer) : this.#refused(waiting, readFailure(answer.error));
    this.#fill();
    return understood;
  }

  /** Fails every request: the connection has ended. */
  failAll(failure: Failure): void {
    const all = [...this.#outstanding.values(), ...this.#queue.map(({ waiting }) => waiting)];
    this.#outstanding.clear();
    this.#queue = [];
    for (const waiting of all) waiting.settle({ failure });
  }

  #refused(waiting: Waiting, failure: Failure | undefined): boolean {
    waiting.settle({ failure: failure ?? clientFailure('connection-lost') });
    return failure !== undefined;
  }

  #fill(): void {
    while (this.#outstanding.size < LIMITS.requestsOutstanding) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      const id = ++this.#lastId;
      this.#outstanding.set(id, next.waiting);
      next.send(id);
    }
  }

  #expire(waiting: Waiting): void {
    this.#queue = this.#queue.filter((queued) => queued.waiting !== waiting);
    for (const [id, other] of this.#outstanding) if (other === waiting) this.#outstanding.delete(id);
    waiting.settle({ failure: clientFailure('no-answer') });
    this.#fill();
  }
}

/** Reads an error object of the server as a failure; undefined if it is none. Only an unknown reason keeps the server's message. */
export function readFailure(error: unknown): Failure | undefined {
  const checked = errorAnswer.safeParse(error);
  if (!checked.success) return undefined;
  const { reason, retryAfterMs, attemptsLeft } = checked.data.data;
  return {
    reason,
    ...(Object.hasOwn(REASONS, reason) ? {} : { message: checked.data.message }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(attemptsLeft === undefined ? {} : { attemptsLeft }),
  };
}
