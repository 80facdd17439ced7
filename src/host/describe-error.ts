import { ProfileError } from '../node/profile-error.ts';
import { CLIENT_REASONS } from '../shared/client-api/failure.ts';

/** What is wrong with the data folder, for people. Throws what is no error of its files: that is a bug. */
export function describeError(error: unknown): string {
  if (error instanceof ProfileError) return error.message;
  if (error instanceof Error && 'code' in error) return CLIENT_REASONS['storage-here'];
  throw error;
}
