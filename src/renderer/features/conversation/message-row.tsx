import { EVERYONE } from '../../../shared/client-api/conversation-id.ts';
import { memo, useId, useState } from 'react';
import { cancelMessage, askToDeleteMessage, sendAgain } from '../../actions/message-actions.ts';
import { useIsPossible, useRunAction } from '../../actions/use-actions.ts';
import type { Message, MessageStatus } from '../../../shared/client-api/view-state.ts';
import type { PresenceNote } from '../../store/presence-notes.ts';
import { useAppState, useFormat, useStrings } from '../../ui/app-context.tsx';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { BubbleTools } from './bubble-tools.tsx';
import { DayLine } from './day-line.tsx';
import { LongText } from './long-text.tsx';
import type { Row } from './rows.ts';
import { statusWord, whyNot } from './why.ts';

interface MessageRowProps {
  readonly row: Row;
  readonly now: number;
  /** The pointer is on the message, or the focus is in it: its buttons are shown. */
  readonly near: 'pointed' | 'stood' | undefined;
  /** A long message is shown in full. */
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}

/** One message with its day heading, its meta line and its presence notes. */
export const MessageRow = memo(
  function MessageRow({ row, now, near, open, onOpen }: MessageRowProps) {
    const strings = useStrings();
    const { message } = row;
    return (
      <>
        {row.newDay ? <DayLine at={message.at} now={now} /> : null}
        {row.isNew ? (
          <p className="my-2 flex items-center gap-3 text-[0.75rem] font-semibold text-accent before:h-px before:flex-1 before:bg-accent/40 after:h-px after:flex-1 after:bg-accent/40">
            {strings.conversation.newMessages}
          </p>
        ) : null}
        <Bubble row={row} near={near} open={open} onOpen={onOpen} />
        {row.closes ? <Meta message={message} /> : null}
        {row.notes.map((note) => (
          <Note key={note.leftAt} note={note} now={now} />
        ))}
      </>
    );
  },
  (one, other) =>
    one.now === other.now &&
    one.near === other.near &&
    one.open === other.open &&
    one.row.message === other.row.message &&
    one.row.newDay === other.row.newDay &&
    one.row.opens === other.row.opens &&
    one.row.closes === other.row.closes &&
    one.row.isNew === other.row.isNew &&
    one.row.notes.length === other.row.notes.length &&
    one.row.notes.every((note, place) => note === other.row.notes[place]),
);

function Bubble({ row: { message, opens, closes }, near, open, onOpen }: Omit<MessageRowProps, 'now'>) {
  const strings = useStrings();
  const own = !message.incoming;
  const named = message.incoming && opens && message.conversation === EVERYONE;
  const corner = closes ? (own ? 'rounded-ee-[0.3rem]' : 'rounded-es-[0.3rem]') : '';
  const aside = message.isPrivate === true;
  const look = own
    ? aside
      ? 'bg-private-2 text-white'
      : 'bg-me text-me-ink'
    : aside
      ? 'bg-private-soft text-ink'
      : 'bg-them text-them-ink';
  const refused = message.status.state === 'refused';
  return (
    <div className={`relative flex items-center gap-1 pb-[3px] ${own ? 'flex-row-reverse ps-17' : 'pe-17'}`}>
      <div
        className={`bubble min-w-0 max-w-[min(100%,38rem)] rounded-2xl px-3 py-2 ${look} ${corner} ${refused ? 'outline-2 outline-offset-1 outline-bad' : ''}`}
      >
        {named ? <p className="text-[0.75rem] font-semibold [overflow-wrap:anywhere]">{message.from}</p> : null}
        <LongText text={message.text} open={open} onOpen={onOpen} />
        {aside ? (
          <p className="mt-1 flex items-center gap-1 text-[0.7rem]">
            <Icon name="lock" className="size-3" />
            {strings.aside.keptMark}
          </p>
        ) : null}
      </div>
      {near === undefined ? null : (
        <>
          <Tools message={message} stop={near === 'stood'} />
          {closes ? null : <NearTime at={message.at} own={own} />}
        </>
      )}
    </div>
  );
}

/** The time of a message that has no meta line; it takes no space. It is at the upper edge, because the next row covers the lower one. The label of the message has it for screen readers. */
function NearTime({ at, own }: { at: number; own: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={`absolute -top-2 rounded-md border border-line bg-panel px-1 text-[0.68rem] text-ink-2 ${own ? 'end-2' : 'start-2'}`}
    >
      <Time at={at} />
    </span>
  );
}

/** A time of day; date and seconds are in its title. */
function Time({ at }: { at: number }) {
  const format = useFormat();
  return (
    <time dateTime={format.machine(at)} title={format.exact(at)}>
      {format.time(at)}
    </time>
  );
}

/** Rendered only for the message with the pointer or the focus: in every row, the buttons would double its elements and slow down scrolling. */
function Tools({ message, stop }: { message: Message; stop: boolean }) {
  const strings = useStrings();
  const run = useRunAction();
  const possible = useIsPossible();
  return (
    <BubbleTools text={message.text} stop={stop} className={message.incoming ? '-me-17' : '-ms-17'}>
      {possible(askToDeleteMessage, message) ? (
        <IconButton
          icon="trash"
          label={askToDeleteMessage.label(strings, message)}
          tabIndex={stop ? 0 : -1}
          onClick={() => run(askToDeleteMessage, message)}
          small
        />
      ) : null}
    </BubbleTools>
  );
}

function Meta({ message }: { message: Message }) {
  if (message.incoming) {
    return (
      <p className="mx-1.5 mt-0.5 mb-2.5 text-[0.72rem] text-ink-3 [overflow-wrap:anywhere]">
        <bdi>{message.from}</bdi> · <Time at={message.at} />
      </p>
    );
  }
  return <OwnMeta message={message} />;
}

function OwnMeta({ message }: { message: Message }) {
  const strings = useStrings();
  const run = useRunAction();
  const possible = useIsPossible();
  const connection = useAppState(({ view }) => view.connection);
  // An explanation is of one status only: it closes when the status changes.
  const [explainedStatus, setExplainedStatus] = useState<MessageStatus>();
  const explained = explainedStatus === message.status;
  const id = useId();
  const why = whyNot(message, connection, strings);
  const refused = message.status.state === 'refused';
  const look = 'rounded font-semibold text-accent underline underline-offset-2';
  return (
    <div className="mx-1.5 mt-0.5 mb-2.5 grid justify-items-end gap-1 text-[0.72rem] text-ink-3">
      <p className="flex flex-wrap justify-end gap-x-2">
        <span className={refused ? 'font-semibold text-bad' : ''}>
          <Time at={message.at} /> · {statusWord(message, strings)}
        </span>
        {why === undefined ? null : (
          <button
            type="button"
            aria-expanded={explained}
            aria-controls={id}
            onClick={() => setExplainedStatus(explained ? undefined : message.status)}
            className={look}
          >
            {refused ? strings.status.whyRefused : strings.status.why}
          </button>
        )}
        {[sendAgain, cancelMessage]
          .filter((action) => possible(action, message))
          .map((action) => (
            <button key={action.id} type="button" onClick={() => run(action, message)} className={look}>
              {action.label(strings, message)}
            </button>
          ))}
      </p>
      {explained && why !== undefined ? (
        <p id={id} className="max-w-[24rem] rounded-xl border border-line bg-ground px-3 py-2 text-[0.8rem] text-ink-2">
          {why}
        </p>
      ) : null}
    </div>
  );
}

function Note({ note: { username, leftAt, backAt, reason }, now }: { note: PresenceNote; now: number }) {
  const strings = useStrings();
  const format = useFormat();
  const { departures, left, leftAndBack } = strings.conversation;
  const departure = departures[reason ?? 'unknown'](username);
  const since = format.moment(leftAt, now);
  return (
    <p className="my-2 text-center">
      <span className="inline-block rounded-full border border-line bg-ground px-3 py-0.5 text-[0.75rem] text-ink-2">
        {backAt === undefined ? left(departure, since) : leftAndBack(departure, since, format.moment(backAt, now))}
      </span>
    </p>
  );
}
