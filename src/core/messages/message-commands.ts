import { succeeded } from '../../shared/client-api/failure.ts';
import { runHistoryOperation } from '../history/history-operation.ts';
import type { CommandHandlers, CommandsOf } from '../state/command-handlers.ts';
import { sendBroadcast } from './broadcast.ts';
import { queueMessage } from './send-message.ts';

/** Commands that send messages (D1, D2, D7, D8). Commands on stored messages are in `history/`. */
export const MESSAGE_HANDLERS: CommandHandlers<
  'message.send' | 'message.cancel' | 'message.broadcast' | CommandsOf<'outbox' | 'typing'>
> = {
  'message.send': queueMessage,
  'message.broadcast': sendBroadcast,
  'message.cancel'(core, { id }) {
    const outcome = core.outbox.cancel(id);
    if (!outcome.ok) return outcome;
    core.emit('message.removed', { id, conversation: outcome.result.conversation });
    return succeeded({});
  },
  'outbox.list': (core) => runHistoryOperation(() => ({ messages: core.ports.history.outbox() })),
  'typing.set'(core, params) {
    core.connector.userPresent();
    core.notify('typing.set', params);
    return succeeded({});
  },
};
