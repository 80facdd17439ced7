import type { NumberedEvent } from '../../shared/client-api/contract.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import type { Thread } from './threads.ts';

/** Position base of optimistic messages: sorts after every stored one. */
const POSITION_BASE = 2 ** 52;

/** Messages that the user has just sent, shown from the next frame on, before the host has stored them. */
type OptimisticMessages = readonly Message[];

export interface OptimisticState {
  readonly optimisticMessages: OptimisticMessages;
}

export function initialOptimistic(): OptimisticState {
  return { optimisticMessages: [] };
}

/** @param message `at`: milliseconds since 1970 UTC */
export function withOptimisticMessage(
  optimistic: OptimisticMessages,
  message: Pick<Message, 'id' | 'conversation' | 'from' | 'text' | 'at'> & { readonly to: string | undefined },
): OptimisticMessages {
  const { to, ...others } = message;
  const position = Math.max(POSITION_BASE, ...optimistic.map((one) => one.position)) + 1;
  const added: Message = {
    ...others,
    ...(to === undefined ? {} : { to }),
    position,
    incoming: false,
    // An attempted message can neither be cancelled nor deleted.
    status: { state: 'queued', attempted: true },
  };
  return [...optimistic, added];
}

/** The optimistic messages after an event: a message that the host has stored replaces its optimistic one. */
export function optimisticMessagesAfter(optimistic: OptimisticMessages, event: NumberedEvent): OptimisticMessages {
  if (event.name !== 'message.added' || event.params.message.incoming) return optimistic;
  const { id } = event.params.message;
  const index = optimistic.findIndex((one) => one.id === id);
  return index < 0 ? optimistic : optimistic.toSpliced(index, 1);
}

/** The thread with the optimistic messages of its conversation at the end. */
export function withOptimisticMessages(thread: Thread, optimistic: OptimisticMessages, conversation: string): Thread {
  const isStored = ({ id }: Message) => thread.messages.some((one) => one.id === id && !one.incoming);
  // A message is in both if the history was read before the host has answered.
  const own = thread.newest ? optimistic.filter((one) => one.conversation === conversation && !isStored(one)) : [];
  return own.length === 0 ? thread : { ...thread, messages: [...thread.messages, ...own] };
}
