import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import { keyAfter } from '../domain/page.ts';
import { onlinePage } from './attach-session.ts';
import type { MethodOutcome } from './outcome.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** Lists the users who are online (C2). */
export function handleListOnline(
  services: Services,
  { account }: AuthenticatedSession,
  { after }: ClientParams<'presence.online'>,
): MethodOutcome<'presence.online'> {
  const { entries, ...more } = onlinePage(services, account, keyAfter(after));
  return { result: { users: entries, ...more } };
}
