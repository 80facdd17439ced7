import { ProfileError } from '../node/profile-error.ts';
import { CLIENT_REASONS } from '../shared/client-api/failure.ts';

/** Describes an error of the data folder for users. Throws any other error again: that is a bug. */
export function describeError(error: unknown): string {
  if (error instanceof ProfileError) return error.message;
  if (error instanceof Error && 'code' in error) return CLIENT_REASONS['storage-here'];
  throw error;
}
