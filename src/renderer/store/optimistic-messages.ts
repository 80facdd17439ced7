import type { NumberedEvent } from '../../shared/client-api/contract.ts';
import type { Message } from '../../shared/client-api/view-state.ts';
import type { Thread } from './threads.ts';

/** Behind every place that a history gives. */
const POSITION_BASE = 2 ** 52;

/** Somebody has just sent this, and the host has not yet said that it keeps it. It is shown from the next frame on. */
export type OptimisticMessages = readonly Message[];

/** @param at milliseconds since 1970 UTC */
export function withOptimisticMessage(
  sending: OptimisticMessages,
  message: Pick<Message, 'id' | 'conversation' | 'from' | 'text' | 'at'> & { readonly to: string | undefined },
): OptimisticMessages {
  const { to, ...others } = message;
  const position = Math.max(POSITION_BASE, ...sending.map((one) => one.position)) + 1;
  const added: Message = {
    ...others,
    ...(to === undefined ? {} : { to }),
    position,
    incoming: false,
    // On its way: it can no longer be cancelled, and neither be deleted.
    status: { state: 'queued', attempted: true },
  };
  return [...sending, added];
}

/** What is still on its way to the host after an event: a message that it keeps now takes the place of the one shown. */
export function optimisticMessagesAfter(sending: OptimisticMessages, event: NumberedEvent): OptimisticMessages {
  if (event.name !== 'message.added' || event.params.message.incoming) return sending;
  const { id } = event.params.message;
  const place = sending.findIndex((one) => one.id === id);
  return place < 0 ? sending : sending.toSpliced(place, 1);
}

/** The messages at hand with what is on its way behind them. */
export function withOptimisticMessages(thread: Thread, sending: OptimisticMessages, conversation: string): Thread {
  const isKept = ({ id }: Message) => thread.messages.some((one) => one.id === id && !one.incoming);
  // It is in both where the history was read before the host has answered.
  const own = thread.newest ? sending.filter((one) => one.conversation === conversation && !isKept(one)) : [];
  return own.length === 0 ? thread : { ...thread, messages: [...thread.messages, ...own] };
}
