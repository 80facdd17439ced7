import type { Conversation } from '../../../shared/client-api/view-state.ts';
import { EVERYONE, onlineSince } from '../../store/conversations.ts';
import { useActions, useAppState, useFormat, useStrings } from '../../ui/app-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { StateBar } from '../states/state-bar.tsx';
import { Composer } from './composer.tsx';
import { Thread } from './thread.tsx';

/** One conversation: who it is with, what was said, where to write. */
export function ConversationPane({ conversation }: { conversation: Conversation }) {
  const strings = useStrings();
  const name = conversation.username ?? strings.everyone;
  const everyone = conversation.id === EVERYONE;
  return (
    <main
      aria-label={everyone ? strings.conversation.labelEveryone : strings.conversation.label(name)}
      className="flex min-w-0 flex-col bg-panel"
    >
      <Header conversation={conversation} name={name} />
      <StateBar />
      <Thread key={conversation.id} conversation={conversation} name={name} />
      <Typing username={conversation.username} />
      <Composer conversation={conversation} name={name} />
    </main>
  );
}

function Header({ conversation, name }: { conversation: Conversation; name: string }) {
  const strings = useStrings();
  const format = useFormat();
  const actions = useActions();
  const since = useAppState(({ view }) => onlineSince(view, conversation.username));
  const here = useAppState(({ view }) => view.people.length);
  const connected = useAppState(({ view }) => view.connection.state === 'online');
  const detailsOpen = useAppState(({ facts }) => facts.preferences.detailsOpen);
  const everyone = conversation.id === EVERYONE;
  const presence = since === undefined ? strings.offline : strings.onlineSince(format.moment(since, Date.now()));
  return (
    <header className="flex min-h-[3.75rem] items-center gap-3 border-b border-line px-4 py-2">
      <IconButton
        icon="back"
        label={strings.back}
        onClick={() => actions.closeConversation()}
        className="-ms-2 md:hidden"
      />
      <Avatar name={conversation.username} online={everyone || !connected ? undefined : since !== undefined} />
      <div className="min-w-0 flex-1">
        <h1 className="truncate font-semibold">{name}</h1>
        <p className="truncate text-[0.75rem] text-ink-2">
          {!connected ? strings.state.connectionGone : everyone ? strings.conversation.peopleHere(here) : presence}
        </p>
      </div>
      <IconButton icon="search" label={strings.palette.label} onClick={() => actions.show({ kind: 'palette' })} />
      <IconButton
        icon="panel"
        label={detailsOpen ? strings.conversation.hideDetails : strings.conversation.details}
        aria-pressed={detailsOpen}
        onClick={() => actions.setPreferences({ detailsOpen: !detailsOpen })}
        className="max-xl:hidden"
      />
      <IconButton
        icon="panel"
        label={strings.conversation.details}
        onClick={() => actions.toggleDrawer(true)}
        className="xl:hidden"
      />
    </header>
  );
}

function Typing({ username }: { username: string | undefined }) {
  const strings = useStrings();
  const typing = useAppState(({ view }) => username !== undefined && view.typing.includes(username));
  // The place is kept, so that nothing jumps when somebody begins.
  return (
    <p className="h-5 truncate px-6 text-[0.75rem] text-ink-2" aria-live="off">
      {typing && username !== undefined ? strings.conversation.typing(username) : null}
    </p>
  );
}
