import type { CommandParams, CommandResult } from '../../shared/client-api/contract.ts';
import type { Outcome } from '../../shared/client-api/failure.ts';
import { runHistoryOperation } from './history-operation.ts';
import type { Core } from '../state/core.ts';

/** The part of a conversation that has a message in its middle: where a search result opens (G2). */
export function aroundMessage(
  { ports: { history } }: Core,
  { conversation, position, limit }: CommandParams<'history.around'>,
): Outcome<CommandResult<'history.around'>> {
  return runHistoryOperation(() => {
    const older = history.page(conversation, position + 1, Math.ceil(limit / 2));
    return { messages: [...older, ...history.after(conversation, position, Math.floor(limit / 2))] };
  });
}

/** The part of a conversation after a position. */
export function pageForward(
  { ports: { history } }: Core,
  { conversation, position, limit }: CommandParams<'history.after'>,
): Outcome<CommandResult<'history.after'>> {
  return runHistoryOperation(() => ({ messages: history.after(conversation, position, limit) }));
}
