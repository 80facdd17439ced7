import type { Failure, Outcome } from '../../shared/client-api/failure.ts';

/** The outcome with another result; a failure stays as it is. */
export function mapOutcome<T, U>(outcome: Outcome<T>, resultOf: (result: T) => U): Outcome<U> {
  return outcome.ok ? { ok: true, result: resultOf(outcome.result) } : outcome;
}

/** A failure of the terminal client itself. */
export function refuse(reason: string, message: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { reason, message } };
}
