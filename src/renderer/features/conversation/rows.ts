import type { Message } from '../../../shared/client-api/view-state.ts';
import type { PresenceNote } from '../../store/presence-notes.ts';

/** Messages of one person that come closer together than this are one group. */
const GROUP_MS = 5 * 60_000;

/** How one message stands among its neighbours. */
export interface Row {
  readonly message: Message;
  /** The first of its day. */
  readonly newDay: boolean;
  /** The first of a group by one sender. */
  readonly opens: boolean;
  /** The last of a group, or of those in it that fared alike: who, when and what became of it is written below. */
  readonly closes: boolean;
  /** The first of those that were unread when the conversation was opened. */
  readonly isNew: boolean;
  /** Who left and came back after this message and before the next. */
  readonly notes: readonly PresenceNote[];
}

/** @param one, other milliseconds since 1970 UTC; days are those of this computer's clock */
export function sameDay(one: number, other: number): boolean {
  if (Math.abs(one - other) >= 86_400_000) return false;
  return new Date(one).getDate() === new Date(other).getDate();
}

function together(one: Message, other: Message): boolean {
  if (one.incoming !== other.incoming || one.from !== other.from) return false;
  return Math.abs(other.at - one.at) < GROUP_MS && sameDay(one.at, other.at);
}

/** Whether one line can say of both what became of them, and offer what can be done about it (D2, D8). */
function fareAlike({ status }: Message, other: Message): boolean {
  switch (status.state) {
    case 'refused':
      return false;
    case 'queued':
      // Each that can be cancelled is cancelled by itself.
      return status.attempted && other.status.state === 'queued' && other.status.attempted;
    case 'broadcast':
      return (
        other.status.state === 'broadcast' &&
        status.recipients === other.status.recipients &&
        status.someBlocked === other.status.someBlocked
      );
    case 'received':
    case 'stored':
    case 'delivered':
      return other.status.state === status.state;
  }
}

/** Reads off one row; looks at the neighbours only, so that it costs the same in the longest conversation. */
export function rowAt(
  messages: readonly Message[],
  index: number,
  notes: readonly PresenceNote[],
  newSince: number | undefined,
): Row | undefined {
  const message = messages[index];
  if (message === undefined) return undefined;
  const before = messages[index - 1];
  const after = messages[index + 1];
  const until = after?.at ?? Infinity;
  const between = notes.filter(({ leftAt }) => leftAt >= message.at && leftAt < until);
  const isNew = newSince !== undefined && message.position === newSince;
  return {
    message,
    newDay: before === undefined || !sameDay(before.at, message.at),
    opens: before === undefined || isNew || !together(before, message),
    closes:
      after === undefined ||
      between.length > 0 ||
      after.position === newSince ||
      !together(message, after) ||
      !fareAlike(message, after),
    isNew,
    notes: between,
  };
}
