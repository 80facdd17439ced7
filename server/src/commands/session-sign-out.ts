import type { MethodOutcome } from './outcome.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** Signs out at once, notifies the other sessions (B6) and revokes the device's token. */
export async function handleSignOut(
  services: Services,
  session: AuthenticatedSession,
): Promise<MethodOutcome<'session.signOut'>> {
  try {
    await services.store.revokeTokenFamily(session.tokenFamily);
  } catch {
    // A full disk must not prevent a sign-out; the client drops its token as well.
    services.log('token-not-revoked');
  }
  return { result: {}, afterwards: () => session.leave('signed-out') };
}
