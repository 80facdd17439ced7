import { z } from 'zod';
import type { Message, MessageStatus } from '../../shared/client-api/view-state.ts';
import { showableTime } from '../../shared/protocol/time.ts';

const messageRow = z.object({
  position: z.number(),
  id: z.string(),
  conversation: z.string(),
  incoming: z.number(),
  sender: z.string(),
  recipient: z.string().nullable(),
  // The driver returns a BLOB as either type, depending on the call.
  text: z.union([z.instanceof(Buffer), z.instanceof(ArrayBuffer)]),
  at: z.number(),
  state: z.enum(['received', 'queued', 'stored', 'delivered', 'refused', 'broadcast']),
  attempted: z.number(),
  reason: z.string().nullable(),
  recipients: z.number().nullable(),
  some_blocked: z.number().nullable(),
  aside: z.number(),
});
type MessageRow = z.infer<typeof messageRow>;

/** Reads a row of the table `message`. Throws if the row is invalid: the file may be damaged. */
export function messageOf(row: unknown): Message {
  const { position, id, conversation, incoming, sender, recipient, text, at, aside, ...status } = messageRow.parse(row);
  return {
    position,
    id,
    conversation,
    from: sender,
    ...(recipient === null ? {} : { to: recipient }),
    incoming: incoming === 1,
    text: (text instanceof ArrayBuffer ? Buffer.from(text) : text).toString(),
    // An older version stored any time.
    at: showableTime(at),
    status: statusOf(status),
    ...(aside === 1 ? { isPrivate: true } : {}),
  };
}

function statusOf({
  state,
  attempted,
  reason,
  recipients,
  some_blocked,
}: Pick<MessageRow, 'state' | 'attempted' | 'reason' | 'recipients' | 'some_blocked'>): MessageStatus {
  switch (state) {
    case 'queued':
      return { state, attempted: attempted === 1 };
    case 'refused':
      return { state, reason: reason ?? 'unknown' };
    case 'broadcast':
      return { state, recipients: recipients ?? 0, someBlocked: some_blocked === 1 };
    case 'received':
    case 'stored':
    case 'delivered':
      return { state };
  }
}

/** The columns of a status: state, attempted, reason, recipients, some_blocked. */
export function statusColumns(status: MessageStatus): [string, number, string | null, number | null, number | null] {
  switch (status.state) {
    case 'queued':
      return [status.state, Number(status.attempted), null, null, null];
    case 'refused':
      return [status.state, 1, status.reason, null, null];
    case 'broadcast':
      return [status.state, 1, null, status.recipients, Number(status.someBlocked)];
    case 'received':
    case 'stored':
    case 'delivered':
      return [status.state, 1, null, null, null];
  }
}
