import type { CommandParams, CommandResult } from '../../shared/client-api/contract.ts';
import type { Done, Outcome } from '../../shared/client-api/failure.ts';
import type { Core } from '../state/core.ts';
import { runHistoryOperation } from '../history/history-operation.ts';

/** A part of a conversation from the local history. */
export function pageHistory(
  core: Core,
  { conversation, before, limit }: CommandParams<'history.page'>,
): Outcome<CommandResult<'history.page'>> {
  return runHistoryOperation(() => ({ messages: core.ports.history.page(conversation, before, limit) }));
}

/** Messages that wait to be sent or for their answer. */
export function listOutbox(core: Core): Outcome<CommandResult<'outbox.list'>> {
  return runHistoryOperation(() => ({ messages: core.ports.history.outbox() }));
}

/** The person has seen a conversation up to a message. */
export function readConversation(
  core: Core,
  { conversation, through }: CommandParams<'conversation.read'>,
): Outcome<Done> {
  return runHistoryOperation(() => {
    const unread = core.ports.history.markRead(conversation, through);
    core.emit('conversation.read', { conversation, unread });
    return {};
  });
}
