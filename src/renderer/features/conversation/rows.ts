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

/** Limits of the local day of a time, milliseconds since 1970 UTC: the first moment, and that of the next day. */
function dayOf(at: number): readonly [number, number] {
  const date = new Date(at);
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()];
  return [new Date(year, month, day).getTime(), new Date(year, month, day + 1).getTime()];
}

/** Places of the messages that open a group, for one list of messages. */
interface Opening {
  readonly newSince: number | undefined;
  readonly opens: Uint8Array;
}

const openings = new WeakMap<readonly Message[], Opening>();

/**
 * Whether a message opens a group: it has another sender or another day than the group before, comes 5 minutes or more
 * after its first message, or is the first new one. Groups depend on all messages before them, so they are found once
 * for each list of messages.
 */
function opensGroup(messages: readonly Message[], index: number, newSince: number | undefined): boolean {
  let known = openings.get(messages);
  if (known === undefined || known.newSince !== newSince) {
    known = { newSince, opens: findOpenings(messages, newSince) };
    openings.set(messages, known);
  }
  return known.opens[index] === 1;
}

function findOpenings(messages: readonly Message[], newSince: number | undefined): Uint8Array {
  const opens = new Uint8Array(messages.length);
  let first: Message | undefined;
  let day: readonly [number, number] | undefined;
  for (const [index, message] of messages.entries()) {
    const { at, from, incoming, position } = message;
    if (
      first !== undefined &&
      position !== newSince &&
      first.from === from &&
      first.incoming === incoming &&
      Math.abs(at - first.at) < GROUP_MS
    ) {
      day ??= dayOf(first.at);
      if (at >= day[0] && at < day[1]) continue;
    }
    opens[index] = 1;
    first = message;
    day = undefined;
  }
  return opens;
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
    opens: opensGroup(messages, index, newSince),
    closes:
      after === undefined ||
      between.length > 0 ||
      opensGroup(messages, index + 1, newSince) ||
      !fareAlike(message, after),
    isNew,
    notes: between,
  };
}
