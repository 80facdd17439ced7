import { EVERYONE } from '../../../shared/client-api/conversation-id.ts';
import { memo } from 'react';
import { useRunAction } from '../../actions/use-actions.ts';
import { askPrivateSession } from '../../actions/user-actions.ts';
import type { Conversation } from '../../../shared/client-api/view-state.ts';
import { isBlocked, onlineSince } from '../../store/conversations.ts';
import { isActive, privateSessionOf } from '../../store/private-sessions.ts';
import { useActions, useAppState, useFormat, useServerNow, useStrings } from '../../ui/app-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { AsideBar } from '../private/aside-bar.tsx';
import { Parts } from '../private/parts.tsx';
import { PrivatePane } from '../private/private-pane.tsx';
import { StateBar } from '../states/state-bar.tsx';
import { useAbsence } from '../states/use-absence.ts';
import { HeaderButtons } from './header-buttons.tsx';
import { Composer } from './composer.tsx';
import { ThreadView } from './thread-view.tsx';

const MINUTE_MS = 60_000;

/** One conversation: header, messages and composer. */
export const ConversationPane = memo(function ConversationPane({ conversation }: { conversation: Conversation }) {
  const strings = useStrings();
  const name = conversation.username ?? strings.everyone;
  const everyone = conversation.id === EVERYONE;
  const talk = useAppState(({ view }) => privateSessionOf(view, conversation.id));
  const activeTab = useAppState((state) => state.activeTab);
  const over = useAppState(({ endedPrivateSessions }) => endedPrivateSessions[conversation.id]);
  const session = over?.session ?? (isActive(talk) ? talk : undefined);
  const shown = activeTab === 'private' ? session : undefined;
  // The same element after the session has ended: its messages keep their place.
  if (shown !== undefined) return <PrivatePane key={shown.sid} conversation={conversation} talk={shown} over={over} />;
  return (
    <main
      aria-label={everyone ? strings.conversation.labelEveryone : strings.conversation.label(name)}
      className="flex min-w-0 flex-col bg-panel"
    >
      <Header conversation={conversation} name={name} />
      {session === undefined ? null : <Parts conversation={conversation} beside />}
      {session === undefined || over !== undefined ? null : (
        <p role="status" className="border-b border-line bg-private-soft px-4 py-2 text-[0.82rem]">
          {strings.aside.besideHint(name)}
        </p>
      )}
      <StateBar />
      <AsideBar conversation={conversation} />
      <ThreadView key={conversation.id} conversation={conversation} name={name} />
      <Typing username={conversation.username} />
      <Composer conversation={conversation} name={name} />
    </main>
  );
});

function Header({ conversation, name }: { conversation: Conversation; name: string }) {
  const strings = useStrings();
  const format = useFormat();
  const actions = useActions();
  const since = useAppState(({ view }) => onlineSince(view, conversation.username));
  const here = useAppState(({ view }) => view.people.length);
  const now = useServerNow(MINUTE_MS);
  const absence = useAbsence();
  const everyone = conversation.id === EVERYONE;
  const blocked = useAppState(({ view }) => isBlocked(view, conversation.username));
  const presence = blocked
    ? strings.blocked
    : since === undefined
      ? strings.offline
      : strings.onlineSince(format.moment(since, now));
  return (
    <header className="flex min-h-[3.75rem] items-center gap-3 border-b border-line px-4 py-2">
      <IconButton
        icon="back"
        label={strings.back}
        onClick={() => actions.navigation.close()}
        className="-ms-2 @3xl:hidden"
      />
      <Avatar
        name={conversation.username}
        online={everyone || absence !== undefined ? undefined : since !== undefined}
      />
      <div className="min-w-0 flex-1">
        <h1 className="truncate font-semibold">{name}</h1>
        <p className="truncate text-[0.75rem] text-ink-2">
          {absence ?? (everyone ? strings.conversation.peopleHere(here) : presence)}
        </p>
      </div>
      <AskButton conversation={conversation} online={since !== undefined} />
      <HeaderButtons />
    </header>
  );
}

/** A private session needs both users online (F1). */
function AskButton({ conversation, online }: { conversation: Conversation; online: boolean }) {
  const strings = useStrings();
  const run = useRunAction();
  const busy = useAppState(({ view }) => privateSessionOf(view, conversation.id) !== undefined);
  const { username } = conversation;
  if (username === undefined || !online || busy) return null;
  return (
    <button
      type="button"
      onClick={() => run(askPrivateSession, username)}
      className="min-h-9 rounded-[0.6rem] border border-line bg-private-soft px-3 text-[0.82rem] font-semibold whitespace-nowrap hover:bg-hover"
    >
      {strings.aside.talk}
    </button>
  );
}

function Typing({ username }: { username: string | undefined }) {
  const strings = useStrings();
  const typing = useAppState(({ view }) => username !== undefined && view.typing.includes(username));
  // The line has a fixed height, so that the layout doesn't move when a user starts to type.
  return (
    <p className="h-5 truncate px-6 text-[0.75rem] text-ink-2" aria-live="off">
      {typing && username !== undefined ? strings.conversation.typing(username) : null}
    </p>
  );
}
