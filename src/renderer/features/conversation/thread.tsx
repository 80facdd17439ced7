import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Conversation } from '../../../shared/client-api/view-state.ts';
import { EVERYONE } from '../../store/conversations.ts';
import type { PresenceNote } from '../../store/threads.ts';
import { useActions, useAppState, useFormat, useNow, useStrings } from '../../ui/app-context.tsx';
import { IconButton } from '../../ui/button.tsx';
import { MessageRow } from './message-row.tsx';
import { rowAt } from './rows.ts';

const NO_MESSAGES: readonly never[] = [];
const NO_NOTES: readonly PresenceNote[] = [];
/** How near to the oldest message at hand the next page is asked for, in pixels. */
const NEAR_TOP = 1_200;
/** How long after somebody moved something a scrolling is theirs, milliseconds. */
const TOUCH_MS = 1_000;
/** Nearer to the newest message than this counts as being there, in pixels. */
const NEAR_END = 80;
const MINUTE_MS = 60_000;

/** The messages of one conversation: any number, of which only those in sight are elements. */
export function Thread({ conversation, name }: { conversation: Conversation; name: string }) {
  const strings = useStrings();
  const format = useFormat();
  const actions = useActions();
  const thread = useAppState(({ threads }) => threads[conversation.id]);
  const notes =
    useAppState((state) => (conversation.username === undefined ? undefined : state.notes[conversation.id])) ??
    NO_NOTES;
  const newSince = useAppState((state) => state.newSince);
  const now = useNow(MINUTE_MS);
  const messages = thread?.messages ?? NO_MESSAGES;
  const scroller = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<number>();
  const [away, setAway] = useState(false);

  const virtualizer = useVirtualizer({
    count: messages.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 58,
    getItemKey: useCallback((index: number) => messages[index]?.position ?? index, [messages]),
    anchorTo: 'end',
    scrollEndThreshold: NEAR_END,
    overscan: 6,
    paddingStart: 16,
    paddingEnd: 12,
    useFlushSync: false,
  });

  // What grows or shrinks above the fold never moves what is read, also while somebody scrolls up: a day's heading that
  // goes to an older message would.
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = (
    { key, start, end },
    _delta,
    { scrollOffset, itemSizeCache },
  ) => (itemSizeCache.has(key) ? end : start + 1) <= (scrollOffset ?? 0);

  const shown = messages.length > 0;
  const size = virtualizer.getTotalSize();
  const atEnd = useRef(true);
  const touched = useRef(-TOUCH_MS);
  const touch = () => {
    touched.current = performance.now();
  };
  // Whoever is at the end stays there while heights turn out to be others than estimated.
  useLayoutEffect(() => {
    if (size > 0 && atEnd.current) virtualizer.scrollToEnd();
  }, [size, virtualizer]);
  // And while the window, a line above or the text being written takes some of the height.
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) virtualizer.scrollToEnd();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [virtualizer]);

  // What one has written oneself comes into sight, wherever one was reading.
  const lastOwn = messages.at(-1);
  const lastOwnPosition = lastOwn?.incoming === false ? lastOwn.position : undefined;
  useEffect(() => {
    if (lastOwnPosition === undefined) return;
    atEnd.current = true;
    virtualizer.scrollToEnd();
  }, [lastOwnPosition, virtualizer]);

  const scrolled = () => {
    const element = scroller.current;
    if (element === null) return;
    // What grows or is corrected never leads away from the end; only somebody who scrolls does.
    const near = element.scrollHeight - element.clientHeight - element.scrollTop < NEAR_END;
    if (near || performance.now() - touched.current < TOUCH_MS) atEnd.current = near;
    setAway(!atEnd.current);
    if (element.scrollTop < NEAR_TOP && shown) void actions.loadOlder(conversation.id);
  };

  const move = (to: number) => {
    const index = Math.min(Math.max(to, 0), messages.length - 1);
    setFocused(index);
    virtualizer.scrollToIndex(index, { align: 'auto' });
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] > article`)?.focus(),
    );
  };

  const pressed = (event: KeyboardEvent) => {
    touch();
    const within = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-index]') : null;
    const place = within === null ? messages.length : Number(within.dataset.index);
    if (event.key === 'ArrowUp') move(place - 1);
    else if (event.key === 'ArrowDown' && within !== null) move(place + 1);
    else if (event.key === 'End') {
      virtualizer.scrollToEnd();
      move(messages.length - 1);
    } else if (event.key === 'Home') move(0);
    else if (
      event.key === 'c' &&
      !event.ctrlKey &&
      !event.metaKey &&
      within !== null &&
      getSelection()?.isCollapsed !== false
    ) {
      const message = messages[place];
      if (message !== undefined) void actions.copy(message.text);
    } else return;
    event.preventDefault();
  };

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="feed"
        aria-label={
          conversation.id === EVERYONE ? strings.conversation.labelEveryone : strings.conversation.messages(name)
        }
        aria-busy={thread?.loading ?? true}
        tabIndex={0}
        onScroll={scrolled}
        onWheel={touch}
        onTouchMove={touch}
        onPointerDown={touch}
        onPointerMove={(event) => {
          if (event.buttons !== 0) touch();
        }}
        onKeyDown={pressed}
        className="h-full overflow-y-auto px-[max(1rem,calc(50%-30rem))] [overflow-anchor:none] focus-visible:-outline-offset-2"
      >
        {thread?.complete === true && !shown ? <Beginning conversation={conversation} name={name} /> : null}
        <div className="relative w-full" style={{ height: size }}>
          {virtualizer.getVirtualItems().map(({ index, key, start }) => {
            const row = rowAt(messages, index, notes, newSince);
            if (row === undefined) return null;
            const { message } = row;
            return (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${start}px)` }}
              >
                <article
                  tabIndex={focused === index ? 0 : -1}
                  aria-posinset={index + 1}
                  aria-setsize={thread?.complete === true ? messages.length : -1}
                  aria-label={strings.conversation.from(
                    message.incoming ? message.from : strings.you,
                    format.moment(message.at, now),
                  )}
                  onFocus={() => setFocused(index)}
                  className="rounded-xl"
                >
                  <MessageRow row={row} now={now} />
                </article>
              </div>
            );
          })}
        </div>
      </div>
      {away ? (
        <IconButton
          icon="down"
          label={strings.conversation.toNewest}
          onClick={() => virtualizer.scrollToEnd()}
          className="absolute end-5 bottom-4 rounded-full border-line! bg-panel shadow-soft hover:bg-ground!"
        />
      ) : null}
    </div>
  );
}

function Beginning({ conversation, name }: { conversation: Conversation; name: string }) {
  const strings = useStrings();
  return (
    <div className="grid min-h-full place-content-center gap-1 p-6 text-center">
      {conversation.id === EVERYONE ? (
        <p className="max-w-[26rem] text-ink-2">{strings.conversation.emptyEveryone}</p>
      ) : (
        <>
          <p className="font-semibold">{strings.conversation.empty(name)}</p>
          <p className="max-w-[26rem] text-ink-2">{strings.conversation.emptyHint}</p>
        </>
      )}
    </div>
  );
}
