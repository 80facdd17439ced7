import type { CommandHandlers, CommandsOf } from '../state/command-handlers.ts';
import { deleteHistory, deleteMessage } from './delete-history.ts';
import { exportHistoryPage } from './export-history.ts';
import { runHistoryOperation } from './history-operation.ts';
import { importHistoryLines } from './import-history.ts';

/** Commands on the messages that this computer stores (G2, G8). */
export const HISTORY_HANDLERS: CommandHandlers<CommandsOf<'history' | 'conversation'> | 'message.delete'> = {
  'history.page': ({ ports: { history } }, { conversation, before, limit }) =>
    runHistoryOperation(() => ({ messages: history.page(conversation, before, limit) })),
  'history.after': ({ ports: { history } }, { conversation, position, limit }) =>
    runHistoryOperation(() => ({ messages: history.after(conversation, position, limit) })),
  'history.around': ({ ports: { history } }, { conversation, position, limit }) =>
    runHistoryOperation(() => {
      const older = history.page(conversation, position + 1, Math.ceil(limit / 2));
      return { messages: [...older, ...history.after(conversation, position, Math.floor(limit / 2))] };
    }),
  'history.search': ({ ports: { history } }, params) => runHistoryOperation(() => history.search(params)),
  'history.delete': deleteHistory,
  'history.export': exportHistoryPage,
  'history.import': importHistoryLines,
  'message.delete': deleteMessage,
  'conversation.read': (core, { conversation, through }) =>
    runHistoryOperation(() => {
      const unread = core.ports.history.markRead(conversation, through);
      core.emit('conversation.read', { conversation, unread });
      return {};
    }),
};
