import { failed, type Outcome, succeeded } from '../../shared/client-api/failure.ts';

/** Runs a history operation and maps disk errors to a failure. */
export function runHistoryOperation<T>(work: () => T): Outcome<T> {
  try {
    return succeeded(work());
  } catch {
    return failed('storage-here');
  }
}
