import { failed, type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import type { Core } from '../state/core.ts';

/**
 * What an interface has said before under this id: it asks again where it got no answer (D3).
 * @returns no message where there is none yet; `id-conflict` where the id stands for something else
 */
export function findRepeatedMessage(
  core: Core,
  id: string | undefined,
  { conversation, text }: Pick<Message, 'conversation' | 'text'>,
): Outcome<Message | undefined> {
  if (id === undefined) return succeeded(undefined);
  const message = core.ports.history.outgoing(core.view().username ?? '', id);
  if (message === undefined) return succeeded(undefined);
  return message.conversation === conversation && message.text === text ? succeeded(message) : failed('id-conflict');
}
