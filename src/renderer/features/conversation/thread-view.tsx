import { type ReactNode, useState } from 'react';
import { EVERYONE } from '../../../shared/client-api/conversation-id.ts';
import type { Conversation } from '../../../shared/client-api/view-state.ts';
import type { PresenceNote } from '../../store/presence-notes.ts';
import { useActions, useAppState, useFormat, useServerNow, useStrings } from '../../ui/app-context.tsx';
import { useKeptFocus } from '../../ui/kept-focus.ts';
import { BrokenMessage } from '../states/broken.tsx';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { copyMessages } from './copy-messages.ts';
import { FoundWords } from './found-words.tsx';
import { MessageMenu } from './message-menu.tsx';
import { MessageRow } from './message-row.tsx';
import { type Row, rowAt } from './rows.ts';
import { ToNewest } from './to-newest.tsx';
import { useThreadKeys } from './use-thread-keys.ts';
import { type ThreadScroll, useThreadScroll } from './use-thread-scroll.ts';

const NO_NOTES: readonly PresenceNote[] = [];
const MINUTE_MS = 60_000;

interface ThreadViewProps {
  readonly conversation: Conversation;
  readonly name: string;
}

/** The messages of one conversation. Only the messages in the viewport are elements, because there may be very many. */
export function ThreadView({ conversation, name }: ThreadViewProps) {
  const [focused, setFocused] = useState<number>();
  const [opened, open] = useOpenedMessages();
  const scroll = useThreadScroll(conversation.id, focused);
  const { thread, scroller } = scroll;
  return (
    <MessageMenu messages={thread.messages}>
      <div className="relative min-h-0 flex-1" {...useKeptFocus(() => scroller.current)}>
        <Feed conversation={conversation} name={name} scroll={scroll}>
          <Rows
            conversation={conversation}
            scroll={scroll}
            focused={focused}
            onFocus={setFocused}
            opened={opened}
            onOpen={(position, all) => {
              // The user reads the opened message: don't scroll to the end.
              scroll.stay();
              open(position, all);
            }}
          />
        </Feed>
        {thread.loading ? <Loading /> : null}
        <ToEnd conversation={conversation} />
      </div>
    </MessageMenu>
  );
}

/** The long messages that are shown in full, by position. The thread keeps them, because a row is unmounted outside the viewport. */
function useOpenedMessages(): [opened: ReadonlySet<number>, open: (position: number, all: boolean) => void] {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const open = (position: number, all: boolean) => {
    const others = [...opened].filter((one) => one !== position);
    setOpened(new Set(all ? [...others, position] : others));
  };
  // A search result may be in the hidden part of a message.
  const scrollTarget = useAppState((state) => state.scrollTarget);
  const [found, setFound] = useState<number>();
  if (scrollTarget !== undefined && scrollTarget.key !== found) {
    setFound(scrollTarget.key);
    if (scrollTarget.place !== 'end') open(scrollTarget.place, true);
  }
  return [opened, open];
}

interface FeedProps extends ThreadViewProps {
  readonly scroll: ThreadScroll;
  readonly children: ReactNode;
}

/** The scrolling list. */
function Feed({ conversation, name, scroll, children }: FeedProps) {
  const strings = useStrings();
  const format = useFormat();
  const { thread, scroller, virtualizer, touch, scrolled } = scroll;
  const move = (index: number) => {
    const message = thread.messages[index];
    if (message === undefined) return;
    virtualizer.scrollToIndex(index, { align: 'auto' });
    scroll.focusRow(message.position);
  };
  const pressed = useThreadKeys({
    conversation: conversation.id,
    messages: thread.messages,
    newest: thread.newest,
    move,
  });
  const everyone = conversation.id === EVERYONE;
  return (
    <div
      ref={scroller}
      role="feed"
      aria-label={everyone ? strings.conversation.labelEveryone : strings.conversation.messages(name)}
      aria-busy={thread.loading}
      tabIndex={0}
      onScroll={scrolled}
      onCopy={(event) =>
        copyMessages(event, thread.messages, ({ incoming, from, at }) =>
          strings.conversation.from(incoming ? from : strings.you, format.moment(at, Date.now())),
        )
      }
      onWheel={touch}
      onTouchMove={touch}
      onPointerDown={touch}
      onPointerMove={(event) => {
        if (event.buttons !== 0) touch();
      }}
      onKeyDown={(event) => {
        touch();
        pressed(event);
      }}
      className="flex h-full flex-col overflow-y-auto px-[max(1rem,calc(50%-30rem))] [overflow-anchor:none] focus-visible:-outline-offset-2"
    >
      {thread.complete && thread.messages.length === 0 ? <Beginning conversation={conversation} name={name} /> : null}
      {children}
    </div>
  );
}

interface RowsProps {
  readonly conversation: Conversation;
  readonly scroll: ThreadScroll;
  /** The position of the message that has or last had the focus. */
  readonly focused: number | undefined;
  readonly onFocus: (position: number) => void;
  /** The long messages that are shown in full, by position. */
  readonly opened: ReadonlySet<number>;
  readonly onOpen: (position: number, open: boolean) => void;
}

function Rows({ conversation, scroll: { thread, virtualizer }, focused, onFocus, opened, onOpen }: RowsProps) {
  const { messages, complete, newest } = thread;
  const named = conversation.username !== undefined;
  const notes = useAppState((state) => (named ? state.presenceNotes[conversation.id] : undefined)) ?? NO_NOTES;
  const newSince = useAppState((state) => state.newSince);
  const scrollTarget = useAppState((state) => state.scrollTarget);
  const now = useServerNow(MINUTE_MS);
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  return (
    // Few messages are at the bottom, next to the field.
    <div className="relative mt-auto w-full shrink-0" style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map(({ index, key, start }) => {
        const row = rowAt(messages, index, notes, newSince);
        if (row === undefined) return null;
        return (
          <div
            key={key}
            ref={virtualizer.measureElement}
            data-index={index}
            data-position={row.message.position}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${start}px)` }}
          >
            {hidden.has(row.message.position) ? null : (
              <ErrorBoundary
                content={row.message}
                instead={<BrokenMessage onHide={() => setHidden(new Set([...hidden, row.message.position]))} />}
              >
                <Article
                  row={row}
                  now={now}
                  words={row.message.position === scrollTarget?.place ? scrollTarget.words : undefined}
                  place={index + 1}
                  of={complete && newest ? messages.length : -1}
                  stop={focused === row.message.position}
                  onFocus={() => onFocus(row.message.position)}
                  open={opened.has(row.message.position)}
                  onOpen={(open) => onOpen(row.message.position, open)}
                />
              </ErrorBoundary>
            )}
          </div>
        );
      })}
    </div>
  );
}

interface ArticleProps {
  readonly row: Row;
  readonly now: number;
  /** The words of the search that this message is a result of. */
  readonly words: string | undefined;
  readonly place: number;
  readonly of: number;
  /** The Tab key focuses this message. */
  readonly stop: boolean;
  readonly onFocus: () => void;
  /** A long message is shown in full. */
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}

function Article({ row, now, words, place, of, stop, onFocus, open, onOpen }: ArticleProps) {
  const strings = useStrings();
  const format = useFormat();
  const [pointedAt, setPointedAt] = useState(false);
  const [stoodOn, setStoodOn] = useState(false);
  const { incoming, from, at } = row.message;
  return (
    <article
      tabIndex={stop ? 0 : -1}
      aria-posinset={place}
      aria-setsize={of}
      aria-label={strings.conversation.from(incoming ? from : strings.you, format.moment(at, now))}
      onFocus={() => {
        setStoodOn(true);
        onFocus();
      }}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) setStoodOn(false);
      }}
      onMouseEnter={() => setPointedAt(true)}
      onMouseLeave={() => setPointedAt(false)}
      {...(words === undefined ? {} : { 'data-found': true })}
      className="rounded-xl"
    >
      <MessageRow
        row={row}
        now={now}
        near={stoodOn ? 'stood' : pointedAt ? 'pointed' : undefined}
        open={open}
        onOpen={onOpen}
      />
      {words === undefined ? null : <FoundWords key={String(open)} words={words} />}
    </article>
  );
}

/** Shown only if loading takes some time, so that it does not flicker. */
function Loading() {
  const strings = useStrings();
  return (
    <p
      role="status"
      className="late pointer-events-none absolute inset-x-0 top-2 mx-auto w-fit rounded-full border border-line bg-panel px-3 py-1 text-[0.75rem] text-ink-2 shadow-soft"
    >
      {strings.conversation.loadingOlder}
    </p>
  );
}

function ToEnd({ conversation: { id, unread } }: { conversation: Conversation }) {
  const actions = useActions();
  const atEnd = useAppState((state) => state.atEnd);
  return atEnd ? null : <ToNewest unread={unread} onPress={() => void actions.threads.scrollToEnd(id)} />;
}

function Beginning({ conversation, name }: ThreadViewProps) {
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
