import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { copyMessage, nextMessage, previousMessage } from '../../actions/message-actions.ts';
import { useRunPressed } from '../../actions/use-actions.ts';
import type { PrivateConversation } from '../../../shared/client-api/private-view.ts';
import { useFormat, useNow, useStrings } from '../../ui/app-context.tsx';
import { useKeptFocus } from '../../ui/kept-focus.ts';
import { BubbleTools } from '../conversation/bubble-tools.tsx';
import { DayLine } from '../conversation/day-line.tsx';
import { sameDay } from '../conversation/rows.ts';
import { ToNewest } from '../conversation/to-newest.tsx';
import { useResize } from '../../ui/use-resize.ts';
import { LongText } from '../conversation/long-text.tsx';
import { isPressed } from '../../ui/shortcuts.ts';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { BrokenMessage } from '../states/broken.tsx';
import { PathLine } from './path-line.tsx';

/** Closer to the last message than this counts as at the end, in pixels. */
const NEAR_END = 80;
const MINUTE_MS = 60_000;

/** The messages of a private session (F7), with the shortcuts of a conversation to move and to copy (G6). */
export function PrivateLines({ talk, over }: { talk: PrivateConversation; over: boolean }) {
  const strings = useStrings();
  const list = useRef<HTMLDivElement>(null);
  const inside = useRef<HTMLDivElement>(null);
  const { lines, username, state } = talk;
  const ends = useRef(true);
  const [atEnd, setAtEnd] = useState(true);
  const now = useNow(MINUTE_MS);
  const last = lines.at(-1);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  // The field is gone with the session, and its focus would fall to the page.
  useLayoutEffect(() => {
    if (over && (document.activeElement ?? document.body) === document.body) list.current?.focus();
  }, [over]);
  const toEnd = () => {
    if (list.current !== null) list.current.scrollTop = list.current.scrollHeight;
  };
  // Don't scroll to the end if the user has scrolled up, unless the new message is the user's own.
  useLayoutEffect(() => {
    if (ends.current || last?.incoming === false) toEnd();
  }, [last?.id, last?.incoming]);
  // At the end, stay there when the composer or the last message grows.
  useResize([list, inside], () => {
    if (ends.current) toEnd();
  });
  return (
    <div className="relative min-h-0 flex-1" {...useKeptFocus(() => list.current)}>
      <div
        ref={list}
        role="log"
        aria-label={strings.aside.label(username)}
        aria-live="off"
        tabIndex={0}
        onScroll={({ currentTarget: { scrollHeight, clientHeight, scrollTop } }) => {
          ends.current = scrollHeight - clientHeight - scrollTop < NEAR_END;
          setAtEnd(ends.current);
        }}
        onKeyDown={walk}
        className="h-full overflow-y-auto px-[max(1rem,calc(50%-30rem))] py-4 focus-visible:-outline-offset-2"
      >
        <div ref={inside}>
          {state.state === 'open' && !over ? <PathLine talk={talk} /> : null}
          {lines.map((line, place) => {
            const [before, after] = [lines[place - 1], lines[place + 1]];
            const newDay = before === undefined || !sameDay(before.at, line.at);
            const closes = after?.incoming !== line.incoming || !sameDay(line.at, after.at);
            if (hidden.has(line.id)) return null;
            return (
              <ErrorBoundary
                key={line.id}
                content={line}
                instead={<BrokenMessage onHide={() => setHidden(new Set([...hidden, line.id]))} />}
              >
                {newDay ? <DayLine at={line.at} now={now} /> : null}
                <Line
                  line={line}
                  username={username}
                  closes={closes}
                  onOpen={() => {
                    ends.current = false;
                  }}
                />
              </ErrorBoundary>
            );
          })}
          {talk.typing ? <p className="text-[0.75rem] text-ink-2">{strings.conversation.typing(username)}</p> : null}
        </div>
      </div>
      {atEnd ? null : <ToNewest unread={0} onPress={toEnd} />}
    </div>
  );
}

interface LineProps {
  readonly line: PrivateConversation['lines'][number];
  readonly username: string;
  /** Last message of a run with the same sender; the meta line is shown under it. */
  readonly closes: boolean;
  /** The user expands or collapses the message. */
  readonly onOpen: () => void;
}

function Line({ line, username, closes, onOpen }: LineProps) {
  const strings = useStrings();
  const format = useFormat();
  const runPressed = useRunPressed();
  const [pointedAt, setPointedAt] = useState(false);
  const [stoodOn, setStoodOn] = useState(false);
  const [open, setOpen] = useState(false);
  const { incoming, text, at, delivered } = line;
  const look = incoming
    ? `bg-panel text-ink ${closes ? 'rounded-es-[0.3rem]' : ''}`
    : `bg-private-2 text-white ${closes ? 'rounded-ee-[0.3rem]' : ''}`;
  return (
    <div
      data-line
      role="group"
      tabIndex={-1}
      aria-label={strings.conversation.from(incoming ? username : strings.you, format.moment(at, Date.now()))}
      onMouseEnter={() => setPointedAt(true)}
      onMouseLeave={() => setPointedAt(false)}
      onFocus={() => setStoodOn(true)}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) setStoodOn(false);
      }}
      onKeyDown={(event) => {
        runPressed([copyMessage], event, line);
      }}
      className={`flex flex-col rounded-xl pb-[3px] ${incoming ? 'items-start' : 'items-end'}`}
    >
      <div className={`flex max-w-full items-center gap-1 ${incoming ? 'pe-9' : 'flex-row-reverse ps-9'}`}>
        <div className={`bubble min-w-0 max-w-[min(100%,38rem)] rounded-2xl px-3 py-2 ${look}`}>
          <LongText
            text={text}
            open={open}
            onOpen={(all) => {
              onOpen();
              setOpen(all);
            }}
          />
        </div>
        {pointedAt || stoodOn ? (
          <BubbleTools text={text} stop={stoodOn} className={incoming ? '-me-9' : '-ms-9'} />
        ) : null}
      </div>
      {closes ? (
        <p className="mx-1.5 mt-0.5 mb-2.5 text-[0.72rem] text-ink-2 [overflow-wrap:anywhere]">
          {incoming ? (
            <>
              <bdi>{username}</bdi> · {format.time(at)}
            </>
          ) : (
            `${format.time(at)} · ${delivered ? strings.status.delivered : strings.aside.sent}`
          )}
        </p>
      ) : null}
    </div>
  );
}

/** Moves the focus to the previous or next message; from the list itself, to the last message. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = isPressed(previousMessage.shortcut, event) ? -1 : isPressed(nextMessage.shortcut, event) ? 1 : 0;
  if (step === 0) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-line]')];
  const line = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-line]') : null;
  const next = line === null ? (step < 0 ? all.at(-1) : undefined) : all[all.indexOf(line) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
