import type { MethodOutcome } from './outcome.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** Signs out at once, for everyone to see (B6); the device's token goes with it. */
export async function handleSignOut(
  services: Services,
  session: AuthenticatedSession,
): Promise<MethodOutcome<'session.signOut'>> {
  try {
    await services.store.revokeTokenFamily(session.tokenFamily);
  } catch {
    // A disk that is full must not keep anybody signed in; the client forgets its token as well.
    services.log('token-not-revoked');
  }
  return { result: {}, afterwards: () => session.leave('signed-out') };
}
