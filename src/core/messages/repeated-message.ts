import { failed, type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import type { Core } from '../state/core.ts';

/**
 * Finds the own message with this id: a user interface repeats a command that got no answer (D3).
 * @returns undefined if there is none yet; `id-conflict` if the id belongs to another text or conversation
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
