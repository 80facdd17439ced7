import type { RequestMethod, Result } from '../../../src/shared/protocol/messages.ts';
import type { Reason, Refusal, SessionEndReason } from '../../../src/shared/protocol/reasons.ts';

/** Outcome of a command. Expected failures are values; an exception means a bug or a failed disk. */
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

/** The answer follows through the pending request. */
export const PENDING = Symbol('later');

export type MethodOutcome<M extends RequestMethod> = CommandOutcome<Result<M>>;

/** A refusal without further data. */
export function refused(reason: Reason, data?: Omit<Refusal, 'reason'>): { refusal: Refusal } {
  return { refusal: { reason, ...data } };
}

/** The password hasher is busy; no password was verified and nothing changed. */
export const HASHER_BUSY = refused('slow-down', { retryAfterMs: 5_000 });

/** The empty result. */
export const DONE: { readonly result: Record<string, never> } = { result: {} };
