/** What keeps a profile from being opened, in one sentence that says what to do. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}
