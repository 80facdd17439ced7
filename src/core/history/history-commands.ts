import type { Message } from '../../shared/client-api/view-state.ts';
import type { HistoryStore } from '../ports.ts';
import type { CommandHandlers, CommandsOf } from '../state/command-handlers.ts';
import { deleteHistory, deleteMessage } from './delete-history.ts';
import { exportHistoryPage } from './export-history.ts';
import { runHistoryOperation } from './history-operation.ts';
import { importHistoryLines } from './import-history.ts';

/** Half of the messages through the one at `position`, the other half after it. */
function around(history: HistoryStore, conversation: string, position: number, limit: number): Message[] {
  const older = history.page(conversation, position + 1, Math.ceil(limit / 2));
  return [...older, ...history.after(conversation, position, Math.floor(limit / 2))];
}

/** Commands on the messages that this computer stores (G2, G8). */
export const HISTORY_HANDLERS: CommandHandlers<CommandsOf<'history' | 'conversation'> | 'message.delete'> = {
  'history.page': ({ ports: { history } }, { conversation, before, limit }) =>
    runHistoryOperation(() => ({ messages: history.page(conversation, before, limit) })),
  'history.after': ({ ports: { history } }, { conversation, position, limit }) =>
    runHistoryOperation(() => ({ messages: history.after(conversation, position, limit) })),
  'history.around': ({ ports: { history } }, { conversation, position, limit }) =>
    runHistoryOperation(() => ({ messages: around(history, conversation, position, limit) })),
  'history.unread': ({ ports: { history } }, { conversation, limit }) =>
    runHistoryOperation(() => {
      const first = history.firstUnread(conversation);
      if (first === undefined) return { messages: history.page(conversation, undefined, limit) };
      return { messages: around(history, conversation, first, limit), first };
    }),
  'history.since': ({ ports: { history } }, { conversation, at, limit }) =>
    runHistoryOperation(() => {
      const first = history.firstSince(conversation, at);
      return first === undefined ? { messages: [] } : { messages: around(history, conversation, first, limit), first };
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
