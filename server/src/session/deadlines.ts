import { LIMITS, SIGN_IN_LIMITS } from '../../../src/shared/limits.ts';
import { encodeNotification } from '../../../src/shared/protocol/codec.ts';
import type { ClientSession } from './client-session.ts';

const PING = encodeNotification('session.ping', {});

/**
 * Enforces the deadlines of a connection: time to sign in, silence, inactivity of the user (B5), and a client that does not read.
 * @param timeoutMs time without a user action after which the session ends; 0: never
 */
export function enforceDeadlines(session: ClientSession, timeoutMs: number, now: number): void {
  const { lastAction } = session;
  if (lastAction === undefined) {
    // A busy server does not close the connection of a client that waits for the server's own answer.
    const limit = session.isSigningIn ? SIGN_IN_LIMITS.pendingMs : LIMITS.signInMs;
    if (now - session.openedAt >= limit) {
      session.refuse('sign-in-timeout');
      session.leave('dropped');
    }
    return;
  }
  if (timeoutMs > 0 && now - lastAction >= timeoutMs) {
    session.end('timed-out');
    return;
  }
  if (session.isStalled(now)) {
    session.end('too-slow');
    return;
  }
  if (now - session.lastHeard >= LIMITS.silenceMs) session.leave('dropped');
  else if (now - session.lastSent >= LIMITS.pingAfterMs) session.send(PING);
}
