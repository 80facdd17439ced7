import { defaultRangeExtractor, type Range, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { Message } from '../../../shared/client-api/view-state.ts';
import { withOptimisticMessages } from '../../store/optimistic-messages.ts';
import type { Thread } from '../../store/threads.ts';
import { showFound } from './found-words.tsx';
import { useResize } from '../../ui/use-resize.ts';
import { useActions, useAppState } from '../../ui/app-context.tsx';

/** Distance from the end of the loaded messages at which the next page is loaded, in pixels. */
const NEAR_EDGE = 1_200;
/** Scrolling counts as the user's for this long after an input, in milliseconds. */
const TOUCH_MS = 1_000;
/** Closer to the newest message than this counts as at the end, in pixels. */
const NEAR_END = 80;
/** Animation frames until a message that is scrolled to is mounted and its place is final. */
const FOCUS_FRAMES = 20;
const SETTLE_FRAMES = 8;
/** Space above the first message, in pixels. */
const PADDING = 16;
/** Height of a message before it was measured, in pixels. */
const ESTIMATE = 58;

const NO_THREAD: Thread = { messages: [], complete: false, newest: true, loading: true };

export interface ThreadScroll {
  readonly thread: Thread;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly virtualizer: Virtualizer<HTMLDivElement, Element>;
  /** To be called on input: the scrolling that follows is the user's. */
  touch(): void;
  /** To be called after each scroll event. */
  scrolled(): void;
  /** The next change of a height doesn't scroll to the end. */
  stay(): void;
  /** Focuses a message as soon as it is mounted. */
  focusRow(position: number): void;
}

/**
 * Keeps the scroll position when messages load, grow or arrive: at the newest message if the user is there, else at the
 * visible message.
 * @param focused position of the focused message: it stays mounted, so that the focus isn't lost
 */
export function useThreadScroll(conversation: string, focused: number | undefined): ThreadScroll {
  const actions = useActions();
  const thread = useThread(conversation);
  const scroller = useRef<HTMLDivElement>(null);
  const ends = useRef(true);
  const touched = useRef(-TOUCH_MS);
  const { messages } = thread;
  const virtualizer = useVirtualizer({
    count: messages.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ESTIMATE,
    getItemKey: useCallback((index: number) => keyOf(messages[index]) ?? index, [messages]),
    anchorTo: 'end',
    // Don't auto-scroll to the bottom after `stay`.
    scrollEndThreshold: ends.current ? NEAR_END : -1,
    overscan: 6,
    rangeExtractor: useRange(messages, focused),
    paddingStart: PADDING,
    paddingEnd: 12,
    useFlushSync: false,
  });
  // A change of height above the viewport must not move the visible messages, also while the user scrolls up: a day
  // heading moves to an older message then.
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = (
    { key, start, end },
    _delta,
    { scrollOffset, itemSizeCache },
  ) => (itemSizeCache.has(key) ? end : start + 1) <= (scrollOffset ?? 0);

  useStayingAtEnd(scroller, virtualizer, ends);
  const focusRow = useCallback((position: number) => {
    // The message is mounted only after scrolling to it.
    const attempt = (frames: number): void => {
      const row = scroller.current?.querySelector<HTMLElement>(`[data-position="${position}"] > article`);
      if (row !== null && row !== undefined) row.focus({ preventScroll: true });
      else if (frames > 0) requestAnimationFrame(() => attempt(frames - 1));
    };
    requestAnimationFrame(() => attempt(FOCUS_FRAMES));
  }, []);
  const look = () => {
    const element = scroller.current;
    if (element === null || messages.length === 0) return;
    const below = element.scrollHeight - element.clientHeight - element.scrollTop;
    // Only the user's scrolling leaves the end; a changed height doesn't.
    if (below < NEAR_END || performance.now() - touched.current < TOUCH_MS) {
      ends.current = below < NEAR_END && thread.newest;
    }
    actions.threads.reportVisible(conversation, ends.current, newestInSight(virtualizer, element, messages));
  };
  useSeeking({ conversation, thread, scroller, rows: virtualizer, ends, touched, focusRow, look });

  const readOn = () => {
    const element = scroller.current;
    if (element === null || messages.length === 0) return;
    const below = element.scrollHeight - element.clientHeight - element.scrollTop;
    if (element.scrollTop < NEAR_EDGE) void actions.threads.loadOlder(conversation);
    else if (below < NEAR_EDGE) void actions.threads.loadNewer(conversation);
  };
  const scrolled = () => {
    look();
    readOn();
  };
  const touch = () => {
    touched.current = performance.now();
    // At the first loaded message, no scroll event follows.
    if ((scroller.current?.scrollTop ?? Infinity) <= PADDING) readOn();
  };
  const stay = () => {
    ends.current = false;
  };
  return { thread, scroller, virtualizer, touch, scrolled, stay, focusRow };
}

/** A row key that stays the same when the host gives a sent message its position. */
function keyOf(message: Message | undefined): string | undefined {
  return message === undefined ? undefined : `${message.from} ${message.id}`;
}

/** The position of the newest incoming message whose end is visible, or that fills the viewport. */
function newestInSight(rows: Rows, element: HTMLElement, messages: readonly Message[]): number | undefined {
  const top = element.scrollTop;
  const bottom = top + element.clientHeight;
  return rows
    .getVirtualItems()
    .filter(({ start, end }) => start < bottom && end > top && (end <= bottom || start <= top))
    .map(({ index }) => messages[index])
    .findLast((message) => message?.incoming)?.position;
}

/** The mounted messages: those in the viewport, and the focused one. */
function useRange(messages: readonly Message[], focused: number | undefined): (range: Range) => number[] {
  const place = useMemo(
    () => (focused === undefined ? -1 : messages.findIndex(({ position }) => position === focused)),
    [messages, focused],
  );
  return useCallback(
    (range) => {
      const inSight = defaultRangeExtractor(range);
      return place < 0 || inSight.includes(place) ? inSight : [...inSight, place].sort((one, other) => one - other);
    },
    [place],
  );
}

/** The loaded messages, and the optimistic ones after them. */
function useThread(conversation: string): Thread {
  const read = useAppState(({ threads }) => threads[conversation]) ?? NO_THREAD;
  const sending = useAppState((state) => state.optimisticMessages);
  return useMemo(() => withOptimisticMessages(read, sending, conversation), [read, sending, conversation]);
}

type Rows = Virtualizer<HTMLDivElement, Element>;

/** Stays at the end if the user is there. */
function useStayingAtEnd(scroller: RefObject<HTMLDivElement | null>, rows: Rows, ends: RefObject<boolean>): void {
  const size = rows.getTotalSize();
  // Measured heights differ from the estimates.
  useLayoutEffect(() => {
    if (size > 0 && ends.current) rows.scrollToEnd();
  }, [size, rows, ends]);
  // The window, a bar above or the composer may take some of the height.
  useResize([scroller], () => {
    if (ends.current) rows.scrollToEnd();
  });
}

interface Seeking {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly conversation: string;
  readonly thread: Thread;
  readonly rows: Rows;
  readonly ends: RefObject<boolean>;
  /** Time of the user's last input, by `performance.now()`. */
  readonly touched: RefObject<number>;
  focusRow(position: number): void;
  /** Reports the visible messages. */
  look(): void;
}

/** Scrolls to the scroll target: a search result, the first unread message, or the end. */
function useSeeking({
  conversation,
  thread: { messages },
  scroller,
  rows,
  ends,
  touched,
  focusRow,
  look,
}: Seeking): void {
  const scrollTarget = useAppState((state) =>
    state.scrollTarget?.conversation === conversation ? state.scrollTarget : undefined,
  );
  const reached = useRef<number>(undefined);
  const latest = useRef({ messages, look });
  latest.current = { messages, look };
  const size = rows.getTotalSize();
  // Also if all messages are visible, because no scroll event comes then.
  useEffect(() => latest.current.look(), [messages, size]);
  useLayoutEffect(() => {
    if (scrollTarget === undefined || reached.current === scrollTarget.key) return;
    const { place, words } = scrollTarget;
    const indexNow = () => latest.current.messages.findIndex(({ position }) => position === place);
    if (place !== 'end' && indexNow() < 0) return;
    reached.current = scrollTarget.key;
    ends.current = place === 'end';
    if (place === 'end') {
      rows.scrollToEnd();
      return;
    }
    const began = performance.now();
    // Rows are measured when they are mounted, and older messages may load: both move the target.
    const settle = (frames: number): void => {
      // A newer target, such as the end, must not be scrolled away from.
      if (reached.current !== scrollTarget.key) return;
      rows.scrollToIndex(indexNow(), { align: words === undefined ? 'start' : 'center' });
      if (frames > 0 && touched.current < began) {
        requestAnimationFrame(() => settle(frames - 1));
        return;
      }
      latest.current.look();
      if (words === undefined || touched.current >= began) return;
      requestAnimationFrame(() => scroller.current !== null && showFound(scroller.current));
    };
    settle(SETTLE_FRAMES);
    // Opening a conversation focuses the composer; a search result focuses its message.
    if (words !== undefined) focusRow(place);
  }, [scrollTarget, messages, rows, scroller, ends, touched, focusRow]);
}
