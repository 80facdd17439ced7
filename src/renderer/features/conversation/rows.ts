import type { Message } from '../../../shared/client-api/view-state.ts';
import type { PresenceNote } from '../../store/presence-notes.ts';

/** A group of messages of one sender ends this long after its first message; milliseconds. */
const GROUP_MS = 5 * 60_000;

/** A message and its relation to its neighbours. */
export interface Row {
  readonly message: Message;
  /** First message of its day. */
  readonly newDay: boolean;
  /** First message of a group with the same sender. */
  readonly opens: boolean;
  /** Last message of a run with the same sender and status; the meta line is shown under it. */
  readonly closes: boolean;
  /** First message that was unread when the conversation was opened. */
  readonly isNew: boolean;
  /** Presence notes between this message and the next. */
  readonly notes: readonly PresenceNote[];
}

/** @param one, other milliseconds since 1970 UTC; days are those of this computer's clock */
export function sameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}

function together(one: Message, other: Message): boolean {
  if (one.incoming !== other.incoming || one.from !== other.from) return false;
  return Math.abs(other.at - one.at) < GROUP_MS && sameDay(one.at, other.at);
}

/** Index of the first message of the group that a message belongs to. */
function groupStart(messages: readonly Message[], index: number, newSince: number | undefined): number {
  const follows = (one: Message | undefined, next: Message | undefined) =>
    one !== undefined && next !== undefined && next.position !== newSince && together(one, next);
  let run = index;
  while (follows(messages[run - 1], messages[run])) run--;
  // Groups are counted from the first message of the run: each ends 5 minutes after its own first message.
  let first = run;
  for (let next = run + 1; next <= index; next++) if (!follows(messages[first], messages[next])) first = next;
  return first;
}

/** Whether one meta line can show the status and the actions of both messages (D2, D8). */
function fareAlike({ status }: Message, other: Message): boolean {
  switch (status.state) {
    case 'refused':
      return false;
    case 'queued':
      // The user cancels each message separately.
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

/** Makes one row from a message, its neighbours and its group. */
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
    opens: groupStart(messages, index, newSince) === index,
    closes:
      after === undefined ||
      between.length > 0 ||
      groupStart(messages, index + 1, newSince) === index + 1 ||
      !fareAlike(message, after),
    isNew,
    notes: between,
  };
}
