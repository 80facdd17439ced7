/** Why a profile cannot be opened, as a sentence for the user that says what to do. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}
