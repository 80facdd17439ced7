import type { CommandParams } from '../../shared/client-api/contract.ts';
import { type Done, type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import type { Core } from '../state/core.ts';

/** Withdraws a message that has not left this computer (D8). */
export function cancelMessage(core: Core, { id }: CommandParams<'message.cancel'>): Outcome<Done> {
  const outcome = core.outbox.cancel(id);
  if (!outcome.ok) return outcome;
  core.emit('message.removed', { id, conversation: outcome.result.conversation });
  return succeeded({});
}
