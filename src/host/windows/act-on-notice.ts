import type { CommandParams } from '../../shared/client-api/contract.ts';
import type { Failure } from '../../shared/client-api/failure.ts';
import type { NotificationAction } from '../../shared/client-api/host.ts';
import type { AppHost } from '../app-host.ts';

/** What became of a click on a button of a notification. */
export type Acted =
  | { readonly kind: 'done' }
  /** Done, and the person now wants to see the conversation. */
  | { readonly kind: 'open' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Does what a button of a notification says, also while no window is open (F1, G5). */
export async function actOnNotice(host: AppHost, { command, params }: NotificationAction): Promise<Acted> {
  const outcome = await host.run(command, params);
  if (!outcome.ok) return { kind: 'failed', failure: outcome.failure };
  // Whoever says yes wants to talk. The client has checked the parameters against this very command.
  const accepted = command === 'private.answer' && (params as CommandParams<'private.answer'>).accept;
  return { kind: accepted ? 'open' : 'done' };
}
