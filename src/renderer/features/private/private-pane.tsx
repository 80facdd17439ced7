import type { PrivateTalk } from '../../../shared/client-api/private-view.ts';
import type { Conversation } from '../../../shared/client-api/view-state.ts';
import { useActions, useStrings } from '../../ui/app-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { StateBar } from '../states/state-bar.tsx';
import { AsideBar } from './aside-bar.tsx';
import { Parts } from './parts.tsx';
import { pathWords } from './path-line.tsx';
import { PrivateComposer } from './private-composer.tsx';
import { PrivateLines } from './private-lines.tsx';

/** The private side of a conversation: unmistakable at a glance (F4-F8, G3). */
export function PrivatePane({ conversation, talk }: { conversation: Conversation; talk: PrivateTalk }) {
  const strings = useStrings();
  return (
    <main
      data-private
      aria-label={strings.aside.label(talk.username)}
      className="flex min-w-0 flex-col bg-private-soft"
    >
      <PrivateHeader talk={talk} />
      <Parts conversation={conversation} beside={false} />
      <StateBar />
      <AsideBar conversation={conversation} />
      <PrivateLines talk={talk} />
      <PrivateComposer talk={talk} />
    </main>
  );
}

function PrivateHeader({ talk: { username, state, keep } }: { talk: PrivateTalk }) {
  const strings = useStrings();
  const actions = useActions();
  const words =
    state.state === 'open'
      ? strings.aside.head(
          pathWords(state.path, strings),
          keep.own && keep.peer ? strings.aside.kept : strings.aside.notKept,
        )
      : state.state === 'connecting' && state.because === 'path-lost'
        ? strings.aside.reconnecting
        : strings.aside.connecting;
  const onDark = 'text-white hover:bg-white/15 hover:text-white focus-visible:outline-white';
  return (
    <header className="flex min-h-[3.75rem] items-center gap-3 bg-linear-90 from-private to-private-2 px-4 py-2 text-white">
      <IconButton
        icon="back"
        label={strings.back}
        onClick={() => actions.closeConversation()}
        className={`-ms-2 @3xl:hidden ${onDark}`}
      />
      <Avatar name={username} />
      <div className="min-w-0 flex-1">
        <h1 className="truncate font-semibold">{username}</h1>
        <p role="status" className="truncate text-[0.75rem]">
          {words}
        </p>
      </div>
      <button
        type="button"
        onClick={() => void actions.attempt('private.end', { username })}
        className={`min-h-9 rounded-[0.6rem] border border-white/50 px-3 text-[0.82rem] font-semibold ${onDark}`}
      >
        {strings.aside.end}
      </button>
      <IconButton
        icon="panel"
        label={strings.conversation.details}
        onClick={() => actions.toggleDrawer(true)}
        className={`@[68.75rem]:hidden ${onDark}`}
      />
    </header>
  );
}
