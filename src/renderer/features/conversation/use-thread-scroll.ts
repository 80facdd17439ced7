import { defaultRangeExtractor, type Range, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { Message } from '../../../shared/client-api/view-state.ts';
import { withOptimisticMessages } from '../../store/optimistic-messages.ts';
import type { Thread } from '../../store/threads.ts';
import { showFound } from './found-words.tsx';
import { useResize } from '../../ui/use-resize.ts';
import { useActions, useAppState } from '../../ui/app-context.tsx';

/** How near to the end of what is at hand the next page is asked for, in pixels. */
const NEAR_EDGE = 1_200;
/** How long after somebody moved something a scrolling is theirs, milliseconds. */
const TOUCH_MS = 1_000;
/** Nearer to the newest message than this counts as being there, in pixels. */
const NEAR_END = 80;
/** Frames in which a message that was scrolled to comes into being, and in which its place becomes final. */
const FOCUS_FRAMES = 20;
const SETTLE_FRAMES = 8;
/** Room above the first message, in pixels. */
const PADDING = 16;
/** Height of a message before it was measured, in pixels. */
const ESTIMATE = 58;

const NO_THREAD: Thread = { messages: [], complete: false, newest: true, loading: true };

export interface ThreadScroll {
  readonly thread: Thread;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly virtualizer: Virtualizer<HTMLDivElement, Element>;
  /** Somebody moves something: what scrolls now is theirs. */
  touch(): void;
  /** To be called whenever it has scrolled. */
  scrolled(): void;
  /** What is about to grow or shrink leads nobody to the end. */
  stay(): void;
  /** Gives a message the focus, when it is there. */
  focusRow(position: number): void;
}

/**
 * Keeps its place: at the newest message for whoever is there, at the message in sight for everybody else, whatever
 * loads, grows or arrives above and below.
 * @param focused position of the message that has the focus: it stays an element, or the focus would be lost with it
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
    // Nobody is led to the end who has said that they stay.
    scrollEndThreshold: ends.current ? NEAR_END : -1,
    overscan: 6,
    rangeExtractor: useRange(messages, focused),
    paddingStart: PADDING,
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

  useStayingAtEnd(scroller, virtualizer, ends);
  const focusRow = useCallback((position: number) => {
    // It becomes an element only when it has been scrolled to.
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
    // What grows or is corrected never leads away from the end; only somebody who scrolls does.
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
    // Who is at the first message at hand already scrolls nothing.
    if ((scroller.current?.scrollTop ?? Infinity) <= PADDING) readOn();
  };
  const stay = () => {
    ends.current = false;
  };
  return { thread, scroller, virtualizer, touch, scrolled, stay, focusRow };
}

/** The same from the moment that it is sent: the host's place for it makes no other row of it. */
function keyOf(message: Message | undefined): string | undefined {
  return message === undefined ? undefined : `${message.from} ${message.id}`;
}

/** The position of the newest message of somebody else that is in sight to its end, or fills what is. */
function newestInSight(rows: Rows, element: HTMLElement, messages: readonly Message[]): number | undefined {
  const top = element.scrollTop;
  const bottom = top + element.clientHeight;
  return rows
    .getVirtualItems()
    .filter(({ start, end }) => start < bottom && end > top && (end <= bottom || start <= top))
    .map(({ index }) => messages[index])
    .findLast((message) => message?.incoming)?.position;
}

/** Which messages are elements: those in sight, and the one with the focus. */
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

/** What there is to show: what was read, and what was sent a moment ago. */
function useThread(conversation: string): Thread {
  const read = useAppState(({ threads }) => threads[conversation]) ?? NO_THREAD;
  const sending = useAppState((state) => state.optimisticMessages);
  return useMemo(() => withOptimisticMessages(read, sending, conversation), [read, sending, conversation]);
}

type Rows = Virtualizer<HTMLDivElement, Element>;

/** Whoever is at the end stays there. */
function useStayingAtEnd(scroller: RefObject<HTMLDivElement | null>, rows: Rows, ends: RefObject<boolean>): void {
  const size = rows.getTotalSize();
  // While heights turn out to be others than estimated.
  useLayoutEffect(() => {
    if (size > 0 && ends.current) rows.scrollToEnd();
  }, [size, rows, ends]);
  // And while the window, a line above or the text being written takes some of the height.
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
  /** When somebody last moved something, as `performance.now()` tells. */
  readonly touched: RefObject<number>;
  focusRow(position: number): void;
  /** Tells what is in sight. */
  look(): void;
}

/** Goes where somebody wants to be: to a message that was found, to the first that is unread, or to the end. */
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
  // Also where nothing scrolls, because all of it is in sight.
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
    // Rows get their heights when they are seen for the first time, and older ones may load: each moves the middle.
    const settle = (frames: number): void => {
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
    // Whoever opens a conversation writes on; what was found is gone to.
    if (words !== undefined) focusRow(place);
  }, [scrollTarget, messages, rows, scroller, ends, touched, focusRow]);
}
