import type { ClientParams } from '../../../src/shared/protocol/messages.ts';
import type { Services, AuthenticatedSession } from './services.ts';

/** Confirms that the client has stored all messages up to `through` (D2, D3). */
export function handleConfirmMessages(
  services: Services,
  { account }: AuthenticatedSession,
  { through }: ClientParams<'message.confirm'>,
): void {
  services.delivery.confirm(account.id, through);
}
