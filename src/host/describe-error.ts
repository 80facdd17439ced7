import { ProfileError } from '../node/profile-error.ts';
import { clientFailure, type Failure } from '../shared/client-api/failure.ts';

/** An error of the data folder as a failure. Throws any other error again: that is a bug. */
export function storageFailure(error: unknown): Failure {
  if (error instanceof ProfileError) return clientFailure('storage-here', { message: error.message });
  if (error instanceof Error && 'code' in error) return clientFailure('storage-here');
  throw error;
}
