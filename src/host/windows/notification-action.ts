import type { CommandParams } from '../../shared/client-api/contract.ts';
import type { Failure } from '../../shared/client-api/failure.ts';
import type { NotificationAction } from '../../shared/client-api/host.ts';
import type { AppHost } from '../app-host.ts';

/** Result of a click on a button of a notification. */
export type NotificationOutcome =
  | { readonly kind: 'done' }
  /** Done; show the conversation now. */
  | { readonly kind: 'open' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Runs the command of a notification's button, also while no window is open (F1, G5). */
export async function runNotificationAction(
  host: AppHost,
  { command, params }: NotificationAction,
): Promise<NotificationOutcome> {
  const outcome = await host.run(command, params);
  if (!outcome.ok) return { kind: 'failed', failure: outcome.failure };
  // Accepting a request shows its conversation. The client has validated the parameters of this command.
  const accepted = command === 'private.answer' && (params as CommandParams<'private.answer'>).accept;
  return { kind: accepted ? 'open' : 'done' };
}
