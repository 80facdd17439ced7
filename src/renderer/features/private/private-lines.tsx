import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import type { PrivateTalk } from '../../../shared/client-api/private-view.ts';
import { useActions, useFormat, useStrings } from '../../ui/app-context.tsx';
import { BubbleTools } from '../conversation/bubble-tools.tsx';
import { LongText } from '../conversation/long-text.tsx';
import { asksToCopy } from '../conversation/use-thread-keys.ts';
import { PathLine } from './path-line.tsx';

/** Nearer to the last words than this counts as being there, in pixels. */
const NEAR_END = 80;

/** What was said aside, as long as the session lives (F7). Arrows walk over it, and C copies, as in a conversation (G6). */
export function PrivateLines({ talk }: { talk: PrivateTalk }) {
  const strings = useStrings();
  const list = useRef<HTMLDivElement>(null);
  const { lines, username, state } = talk;
  const atEnd = useRef(true);
  const last = lines.at(-1);
  // Whoever reads further up stays there, until they say something themselves.
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null || (!atEnd.current && last?.incoming !== false)) return;
    element.scrollTop = element.scrollHeight;
  }, [last?.id, last?.incoming]);
  return (
    <div
      ref={list}
      role="log"
      aria-label={strings.aside.label(username)}
      aria-live="off"
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, clientHeight, scrollTop } }) => {
        atEnd.current = scrollHeight - clientHeight - scrollTop < NEAR_END;
      }}
      onKeyDown={walk}
      className="min-h-0 flex-1 overflow-y-auto px-[max(1rem,calc(50%-30rem))] py-4 focus-visible:-outline-offset-2"
    >
      {state.state === 'open' ? <PathLine talk={talk} /> : null}
      {lines.map((line, place) => (
        <Line key={line.id} line={line} username={username} closes={lines[place + 1]?.incoming !== line.incoming} />
      ))}
      {talk.typing ? <p className="text-[0.75rem] text-ink-2">{strings.conversation.typing(username)}</p> : null}
    </div>
  );
}

interface LineProps {
  readonly line: PrivateTalk['lines'][number];
  readonly username: string;
  /** The last of several by the same person: who and when stands below it. */
  readonly closes: boolean;
}

function Line({ line, username, closes }: LineProps) {
  const strings = useStrings();
  const format = useFormat();
  const actions = useActions();
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
        if (asksToCopy(event)) void actions.copy(text);
      }}
      className={`flex flex-col rounded-xl pb-[3px] ${incoming ? 'items-start' : 'items-end'}`}
    >
      <div className={`flex max-w-full items-center gap-1 ${incoming ? 'pe-9' : 'flex-row-reverse ps-9'}`}>
        <div className={`bubble min-w-0 max-w-[min(100%,38rem)] rounded-2xl px-3 py-2 ${look}`}>
          <LongText text={text} open={open} onOpen={setOpen} />
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

/** Up and down lead from line to line, from the list itself to the last. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const steps: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 };
  const step = steps[event.key];
  if (step === undefined) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-line]')];
  const line = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-line]') : null;
  const next = line === null ? (step < 0 ? all.at(-1) : undefined) : all[all.indexOf(line) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
