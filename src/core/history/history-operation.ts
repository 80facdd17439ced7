import { failed, type Outcome, succeeded } from '../../shared/client-api/failure.ts';

/** What work on the local history comes to; the disk may fail. */
export function runHistoryOperation<T>(work: () => T): Outcome<T> {
  try {
    return succeeded(work());
  } catch {
    return failed('storage-here');
  }
}
