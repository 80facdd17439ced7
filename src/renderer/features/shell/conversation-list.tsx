import { EVERYONE } from '../../../shared/client-api/conversation-id.ts';
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useMemo, useState } from 'react';
import { useRunAction } from '../../actions/use-actions.ts';
import { openConversation } from '../../actions/user-actions.ts';
import type { Conversation } from '../../../shared/client-api/view-state.ts';
import { shortened } from '../../../shared/text/cut.ts';
import { useAppState, useFormat, useStrings } from '../../ui/app-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Count } from '../../ui/count.tsx';
import { Icon } from '../../ui/icons.tsx';
import { isBlocked } from '../../store/conversations.ts';
import { isActive, privateSessionOf } from '../../store/private-sessions.ts';
import { Part } from '../states/broken.tsx';
import { lastLine } from './last-line.ts';

/** Height of an entry before it was measured, in pixels. */
const ESTIMATE = 58;

interface ConversationListProps {
  readonly conversations: readonly Conversation[];
  /** The element that scrolls the list. */
  readonly scroller: HTMLElement | null;
  readonly now: number;
}

/** The conversations. Only those in the viewport, and those that an arrow key may focus next, are elements. */
export function ConversationList({ conversations, scroller, now }: ConversationListProps) {
  const chosen = useAppState((state) => state.chosen);
  const [focused, setFocused] = useState<string>();
  const placeOf = (id: string | undefined) => conversations.findIndex((one) => one.id === id);
  const entrance = Math.max(placeOf(chosen), 0);
  const here = focused === undefined ? -1 : placeOf(focused);
  const count = conversations.length;
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller,
    estimateSize: () => ESTIMATE,
    getItemKey: useCallback((index: number) => conversations[index]?.id ?? index, [conversations]),
    overscan: 6,
    rangeExtractor: useCallback(
      (range: Range) => {
        const reachable = [0, count - 1, entrance, ...(here < 0 ? [] : [here - 1, here, here + 1])];
        return [...new Set([...defaultRangeExtractor(range), ...reachable])]
          .filter((index) => index >= 0 && index < count)
          .sort((one, other) => one - other);
      },
      [count, entrance, here],
    ),
    useFlushSync: false,
  });
  const online = useOnline();
  return (
    <ul className="relative" style={{ height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map(({ index, key, start }) => {
        const conversation = conversations[index];
        if (conversation === undefined) return null;
        const { id, username } = conversation;
        return (
          <li
            key={key}
            ref={rows.measureElement}
            data-index={index}
            aria-posinset={index + 1}
            aria-setsize={count}
            onFocus={() => setFocused(id)}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${start}px)` }}
          >
            <Part content={conversation}>
              <Entry
                conversation={conversation}
                chosen={id === chosen}
                entrance={index === entrance}
                online={id === EVERYONE || username === undefined ? undefined : online?.has(username)}
                now={now}
              />
            </Part>
          </li>
        );
      })}
    </ul>
  );
}

/** The usernames online; undefined without a connection. */
function useOnline(): ReadonlySet<string> | undefined {
  const people = useAppState(({ view }) => view.people);
  const connected = useAppState(({ view }) => view.connection.state === 'online');
  return useMemo(() => (connected ? new Set(people.map(({ username }) => username)) : undefined), [people, connected]);
}

interface EntryProps {
  readonly conversation: Conversation;
  readonly chosen: boolean;
  readonly entrance: boolean;
  readonly online: boolean | undefined;
  readonly now: number;
}

const Entry = memo(function Entry({ conversation, chosen, entrance, online, now }: EntryProps) {
  const strings = useStrings();
  const format = useFormat();
  const run = useRunAction();
  const draft = useAppState(({ drafts }) => drafts[conversation.id] ?? '');
  const aside = useAppState(({ view }) => isActive(privateSessionOf(view, conversation.id)));
  const blocked = useAppState(({ view }) => isBlocked(view, conversation.username));
  const unseen = useAppState(({ unreadPrivate }) => unreadPrivate[conversation.id] ?? 0);
  const typing = useAppState(
    ({ view }) => conversation.username !== undefined && view.typing.includes(conversation.username),
  );
  const { id, username, last, unread } = conversation;
  const line = typing
    ? strings.sidebar.typing
    : !chosen && unread === 0 && draft.trim() !== ''
      ? strings.sidebar.draft(shortened(draft, 120))
      : lastLine(conversation, online, strings);
  return (
    <button
      type="button"
      data-entry
      tabIndex={entrance ? 0 : -1}
      aria-current={chosen ? 'true' : undefined}
      onClick={() => run(openConversation, { id, username })}
      className={`grid w-full grid-cols-[2.25rem_minmax(0,1fr)_auto] items-center gap-2.5 rounded-[0.6rem] border p-2 text-start focus-visible:-outline-offset-2 ${chosen ? 'border-line bg-panel' : 'border-transparent hover:bg-hover'}`}
    >
      <Avatar name={username} online={online} />
      <span className="min-w-0">
        <span className="flex items-center gap-1.5">
          <bdi className={`min-w-0 truncate ${unread > 0 ? 'font-bold' : 'font-semibold'}`}>
            {username ?? strings.everyone}
          </bdi>
          {blocked ? (
            <span className="badge flex shrink-0 items-center gap-0.5 text-[0.7rem] text-ink-2">
              <Icon name="block" className="size-3" />
              {strings.blocked}
            </span>
          ) : null}
          {aside ? (
            <span className="badge shrink-0 rounded-full bg-private-2 px-1.5 py-px text-[0.65rem] font-semibold text-white">
              {strings.aside.asidePart}
            </span>
          ) : null}
        </span>
        <span
          className={`block truncate text-[0.82rem] ${typing ? 'text-accent' : unread > 0 ? 'text-ink' : 'text-ink-2'}`}
        >
          {line}
        </span>
      </span>
      <span className="grid justify-items-end gap-0.5 text-[0.72rem] text-ink-3">
        {last === undefined ? null : <span>{format.brief(last.at, now)}</span>}
        {unread === 0 && unseen === 0 ? null : (
          <span className="flex gap-1">
            <Count of={unseen} label={strings.sidebar.unreadAside(unseen)} look="aside" />
            <Count of={unread} label={strings.sidebar.unread(unread)} />
          </span>
        )}
      </span>
    </button>
  );
});
