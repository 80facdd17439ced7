import type { CommandParams } from '../../shared/client-api/contract.ts';
import { type Done, failed, type Outcome } from '../../shared/client-api/failure.ts';
import { runHistoryOperation } from './history-operation.ts';
import type { Core } from '../state/core.ts';

/** Deletes one message from this computer only. A queued message has to be cancelled instead (D8). */
export function deleteMessage(core: Core, { conversation, position }: CommandParams<'message.delete'>): Outcome<Done> {
  const { history } = core.ports;
  const found = runHistoryOperation(() => history.page(conversation, position + 1, 1)[0]);
  if (!found.ok) return found;
  const message = found.result;
  if (message?.position !== position) return failed('not-here');
  if (message.status.state === 'queued') return failed('still-waiting');
  return runHistoryOperation(() => {
    history.removeAt(position);
    const last = history.page(conversation, undefined, 1)[0];
    core.emit('message.removed', { id: message.id, conversation, ...(last === undefined ? {} : { last }) });
    if (message.incoming) {
      core.emit('conversation.read', {
        conversation,
        unread: history.markRead(conversation, Number.MIN_SAFE_INTEGER),
      });
    }
    return {};
  });
}

/** Deletes one conversation or all from this computer. Queued messages stay. */
export function deleteHistory(core: Core, { conversation }: CommandParams<'history.delete'>): Outcome<Done> {
  const { history } = core.ports;
  return runHistoryOperation(() => {
    history.clear(conversation);
    core.emit('history.replaced', { conversations: history.conversations() });
    return {};
  });
}
