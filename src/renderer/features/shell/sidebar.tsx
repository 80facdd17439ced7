import { conversationWith } from '../../../shared/client-api/conversation-id.ts';
import { memo, useMemo, useState } from 'react';
import { useRunAction } from '../../actions/use-actions.ts';
import { openUser } from '../../actions/user-actions.ts';
import { openPalette, openSettings, showPresenceHistory } from '../../actions/window-actions.ts';
import { quietOf } from '../../../shared/client-api/quiet.ts';
import type { Person } from '../../../shared/client-api/view-state.ts';
import type { Strings } from '../../../shared/text/en.ts';
import type { Format } from '../../../shared/text/format.ts';
import { useAppState, useFormat, useNow, useServerNow, useStrings } from '../../ui/app-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { ariaShortcut, writeShortcut } from '../../ui/shortcuts.ts';
import { Requests } from '../private/requests.tsx';
import { writeServer } from '../start/server-address.ts';
import { NotifyOffer } from '../states/notify-offer.tsx';
import { ConversationList } from './conversation-list.tsx';
import { HowToJoin } from './nothing-chosen.tsx';
import { useConversations } from './use-conversations.ts';
import { useLatency } from './use-latency.ts';
import { useRoving } from './use-roving.ts';

/** Most users that the list shows; the palette finds the others. */
const PEOPLE_LISTED = 100;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * The user's account, the conversations, the users online and the server.
 * @param behind a conversation is open: a narrow window then shows only requests to talk aside, above it (F1)
 */
export const Sidebar = memo(function Sidebar({ behind }: { behind: boolean }) {
  const strings = useStrings();
  const asked = useAppState(({ view }) => view.privateSessions.some(({ state }) => state.state === 'asked'));
  const rest = behind ? '@max-3xl:hidden' : '';
  return (
    <nav
      aria-label={strings.sidebar.label}
      className={`flex min-h-0 min-w-0 flex-1 flex-col border-e border-line bg-ground ${asked ? '' : rest}`}
    >
      <div className={`flex flex-col ${rest}`}>
        <Self />
        <SearchButton />
      </div>
      <Requests />
      <div className={`flex min-h-0 flex-1 flex-col ${rest}`}>
        <Lists />
        <NotifyOffer />
        <ServerLine />
      </div>
    </nav>
  );
});

function Self() {
  const strings = useStrings();
  const run = useRunAction();
  const username = useAppState(({ view }) => view.username ?? '');
  const connection = useAppState(({ view }) => view.connection.state);
  const preferences = useAppState(({ hostState }) => hostState.preferences);
  const quiet = quietOf(preferences, useNow(MINUTE_MS)) !== undefined;
  const online = connection === 'online';
  return (
    <div className="flex items-center gap-2.5 px-4 pt-3.5 pb-2.5">
      <Avatar name={username} online={online} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">{username}</p>
        <p className="flex items-center gap-1 truncate text-[0.75rem] text-ink-2">
          {quiet ? <Icon name="quiet" className="size-3.5" /> : null}
          {quiet
            ? strings.sidebar.quiet
            : online
              ? strings.online
              : connection === 'connecting' || connection === 'signing-in'
                ? strings.state.connecting
                : strings.offline}
        </p>
      </div>
      <IconButton
        icon="clock"
        label={showPresenceHistory.label(strings)}
        onClick={() => run(showPresenceHistory, undefined)}
      />
      <IconButton
        icon="settings"
        label={openSettings.label(strings)}
        onClick={() => run(openSettings, undefined)}
        className="-me-2 -ms-1.5"
      />
    </div>
  );
}

function SearchButton() {
  const strings = useStrings();
  const run = useRunAction();
  return (
    <button
      type="button"
      aria-keyshortcuts={ariaShortcut(openPalette.shortcut)}
      onClick={() => run(openPalette, undefined)}
      className="mx-4 mb-2 flex items-center gap-2 rounded-[0.6rem] border border-line bg-panel px-2.5 py-2 text-start text-ink-3 hover:text-ink-2"
    >
      <Icon name="search" />
      <span className="truncate">{strings.sidebar.search}</span>
      <kbd className="ms-auto rounded-md border border-line px-1.5 font-mono text-[0.7rem] whitespace-nowrap">
        {writeShortcut(openPalette.shortcut, strings.keys)}
      </kbd>
    </button>
  );
}

/** The conversations, then the other users online. */
function Lists() {
  const strings = useStrings();
  const conversations = useConversations();
  const people = useAppState(({ view }) => view.people);
  const connected = useAppState(({ view }) => view.connection.state === 'online');
  const others = useMemo(() => {
    const known = new Set(conversations.map(({ id }) => id));
    return people.filter(({ username }) => !known.has(conversationWith(username)));
  }, [conversations, people]);
  // State instead of a ref, so that the list renders again when the element exists.
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const now = useServerNow(MINUTE_MS);
  return (
    <div ref={setScroller} onKeyDown={useRoving()} className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
      <h2 className="section-title">{strings.sidebar.conversations}</h2>
      <ConversationList conversations={conversations} scroller={scroller} now={now} />
      {connected ? <Others people={others} total={people.length} now={now} /> : null}
    </div>
  );
}

function Others({ people, total, now }: { people: readonly Person[]; total: number; now: number }) {
  const strings = useStrings();
  const format = useFormat();
  const run = useRunAction();
  return (
    <>
      <h2 className="section-title">
        {strings.sidebar.onlineNow}
        {people.length === 0 ? null : <span className="ms-auto font-medium">{people.length}</span>}
      </h2>
      {people.length === 0 ? (
        <p className="px-2 py-1 text-[0.82rem] text-ink-2">
          {total === 0 ? strings.sidebar.nobody : strings.sidebar.allAbove}
        </p>
      ) : null}
      {total === 0 ? (
        <div className="px-2 py-1 @3xl:hidden">
          <HowToJoin />
        </div>
      ) : null}
      <ul>
        {people.slice(0, PEOPLE_LISTED).map(({ username, since }) => (
          <li key={username}>
            <button
              type="button"
              data-entry
              tabIndex={-1}
              onClick={() => run(openUser, username)}
              className="grid w-full grid-cols-[2.25rem_minmax(0,1fr)] items-center gap-2.5 rounded-[0.6rem] border border-transparent p-2 text-start hover:bg-hover focus-visible:-outline-offset-2"
            >
              <Avatar name={username} online />
              <span className="min-w-0">
                <span className="block truncate font-semibold">{username}</span>
                <span className="block truncate text-[0.82rem] text-ink-2">
                  {cameWhen(since, now, strings, format)}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {people.length > PEOPLE_LISTED ? (
        <button
          type="button"
          data-entry
          tabIndex={-1}
          onClick={() => run(openPalette, undefined)}
          className="w-full rounded-[0.6rem] p-2 text-start text-[0.82rem] text-ink-2 hover:bg-hover"
        >
          {strings.sidebar.more(people.length - PEOPLE_LISTED)}
        </button>
      ) : null}
    </>
  );
}

/** When a user came online: minutes ago within the last hour, else the time. */
function cameWhen(since: number, now: number, strings: Strings, format: Format): string {
  const agoMs = now - since;
  // `now` may be a minute old, and the server's clock may differ.
  if (Math.abs(agoMs) < MINUTE_MS) return strings.joinedNow;
  if (agoMs > 0 && agoMs < HOUR_MS) return strings.joined(format.minutesAgo(since, now));
  return strings.hereSince(format.moment(since, now));
}

function ServerLine() {
  const strings = useStrings();
  const server = useAppState(({ hostState }) => hostState.server);
  const waiting = useAppState(({ view }) => view.waiting);
  const latency = useLatency();
  if (server === undefined) return null;
  const plain = server.plaintext === true;
  return (
    <p className="flex items-center gap-2 border-t border-line px-4 py-2.5 text-[0.75rem] text-ink-2">
      <Icon name={plain ? 'lock-open' : 'lock'} className="size-3.5" />
      <span className="min-w-0 truncate" title={plain ? strings.sidebar.plain : strings.sidebar.encrypted}>
        <span dir="ltr">{writeServer(server)}</span> · {plain ? strings.sidebar.plain : strings.sidebar.tls}
      </span>
      <span className="ms-auto flex shrink-0 gap-2">
        {waiting > 0 ? (
          <span title={strings.state.waiting(waiting)}>
            <Icon name="send" className="inline size-3.5" /> {waiting}
          </span>
        ) : null}
        {latency === undefined ? null : (
          <span title={strings.sidebar.latencyHint}>{strings.sidebar.latency(latency)}</span>
        )}
      </span>
    </p>
  );
}
