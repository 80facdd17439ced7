import type { RequestMethod, Result } from '../../../src/shared/protocol/messages.ts';
import type { Reason, Refusal, SessionEndReason } from '../../../src/shared/protocol/reasons.ts';

/** What a command came to. Expected failures are values; a throw is a bug or a broken disk. */
export type CommandOutcome<Value> =
  | {
      readonly result: Value;
      /** Runs once the answer is written. */
      readonly afterwards?: () => void;
    }
  | {
      readonly refusal: Refusal;
      /** Ends the connection once the answer is written. */
      readonly end?: { readonly reason: SessionEndReason; readonly retryAfterMs: number };
    }
  | typeof PENDING;

/** The answer comes through the ticket. */
export const PENDING = Symbol('later');

export type MethodOutcome<M extends RequestMethod> = CommandOutcome<Result<M>>;

/** A refusal without further data. */
export function refused(reason: Reason, data?: Omit<Refusal, 'reason'>): { refusal: Refusal } {
  return { refusal: { reason, ...data } };
}

/** The password hasher has as much to do as it may: nothing was judged, nothing changed. */
export const HASHER_BUSY = refused('slow-down', { retryAfterMs: 5_000 });

/** The empty result. */
export const DONE: { readonly result: Record<string, never> } = { result: {} };
