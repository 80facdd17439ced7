import type { PrivateConversation } from '../../../shared/client-api/private-view.ts';
import { useRunAction } from '../../actions/use-actions.ts';
import { askPrivateSession, endPrivateSession } from '../../actions/user-actions.ts';
import type { Conversation } from '../../../shared/client-api/view-state.ts';
import { onlineSince } from '../../store/conversations.ts';
import type { EndedPrivateSession } from '../../store/private-sessions.ts';
import { privateDraftKey } from '../../store/drafts.ts';
import { endingText } from '../../../shared/text/private-text.ts';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { HeaderButtons } from '../conversation/header-buttons.tsx';
import { StateBar } from '../states/state-bar.tsx';
import { AsideBar } from './aside-bar.tsx';
import { Parts } from './parts.tsx';
import { pathWords } from './path-line.tsx';
import { PrivateComposer } from './private-composer.tsx';
import { PrivateLines } from './private-lines.tsx';

interface PrivatePaneProps {
  readonly conversation: Conversation;
  readonly talk: PrivateConversation;
  /** The session has ended: its messages stay until the user closes it, and there is no field. */
  readonly over: EndedPrivateSession | undefined;
}

/** The private part of a conversation, in colours of its own (F4-F8, G3). */
export function PrivatePane({ conversation, talk, over }: PrivatePaneProps) {
  const strings = useStrings();
  const { username } = talk;
  return (
    <main
      data-private
      aria-label={over === undefined ? strings.aside.label(username) : strings.aside.overLabel(username)}
      className={`flex min-w-0 flex-col ${over === undefined ? 'bg-private-soft' : 'bg-ground'}`}
    >
      {over === undefined ? <PrivateHeader talk={talk} /> : <OverHeader username={username} />}
      <Parts conversation={conversation} beside={false} />
      <StateBar />
      <AsideBar conversation={conversation} />
      <PrivateLines talk={talk} over={over !== undefined} />
      {over === undefined ? <PrivateComposer talk={talk} /> : <Over conversation={conversation.id} over={over} />}
    </main>
  );
}

function OverHeader({ username }: { username: string }) {
  const strings = useStrings();
  const actions = useActions();
  return (
    <header className="flex min-h-[3.75rem] items-center gap-3 border-b border-line bg-panel px-4 py-2">
      <IconButton
        icon="back"
        label={strings.back}
        onClick={() => actions.navigation.close()}
        className="-ms-2 @3xl:hidden"
      />
      <Avatar name={username} />
      <div className="min-w-0 flex-1">
        <h1 className="truncate font-semibold">{username}</h1>
        <p className="text-[0.75rem] text-ink-2">{strings.aside.over}</p>
      </div>
    </header>
  );
}

/** Why the session ended, in place of the field: the window doesn't switch to another field by itself. */
function Over({ conversation, over: { session, ending } }: { conversation: string; over: EndedPrivateSession }) {
  const strings = useStrings();
  const actions = useActions();
  const run = useRunAction();
  const { username } = session;
  const unsent = useAppState(({ drafts }) => drafts[privateDraftKey(username)] ?? '');
  const isOnline = useAppState(({ view }) => onlineSince(view, username) !== undefined);
  const close = () => {
    actions.drafts.setPrivate(username, '');
    actions.navigation.closeEndedPrivateSession(conversation);
  };
  const loud = ending?.loud === true;
  return (
    <div className="grid max-h-[50%] gap-2 overflow-y-auto border-t border-line bg-panel px-[max(1rem,calc(50%-30rem))] py-3">
      <p
        role={loud ? 'alert' : 'status'}
        className={`font-semibold ${loud ? 'rounded-xl bg-bad p-3 text-white dark:text-black' : ''}`}
      >
        {ending === undefined ? strings.aside.hostGone(username) : endingText(strings, username, ending)}
      </p>
      <p className="text-[0.82rem] text-ink-2">{strings.aside.overText}</p>
      {unsent.trim() === '' ? null : (
        <p className="text-[0.82rem] [overflow-wrap:anywhere] whitespace-pre-wrap">
          {strings.aside.unsent} <bdi>{unsent}</bdi>
        </p>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        {isOnline ? <Button onClick={() => run(askPrivateSession, username)}>{strings.aside.askAgain}</Button> : null}
        <Button onClick={close}>{strings.aside.closeEnded}</Button>
      </div>
    </div>
  );
}

function PrivateHeader({ talk: { username, state, keep } }: { talk: PrivateConversation }) {
  const strings = useStrings();
  const actions = useActions();
  const run = useRunAction();
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
    <header className="flex min-h-[3.75rem] flex-wrap items-center gap-x-3 gap-y-1 bg-linear-90 from-private to-private-2 px-4 py-2 text-white">
      <IconButton
        icon="back"
        label={strings.back}
        onClick={() => actions.navigation.close()}
        className={`-ms-2 @3xl:hidden ${onDark}`}
      />
      <Avatar name={username} />
      {/* In a narrow window, the state of the session has a line of its own, because it must never be cut. */}
      <div className="min-w-0 flex-1 @max-3xl:contents">
        <h1 className="truncate font-semibold @max-3xl:min-w-0 @max-3xl:flex-1">{username}</h1>
        <p role="status" className="text-[0.75rem] @max-3xl:order-last @max-3xl:basis-full">
          {words}
        </p>
      </div>
      <button
        type="button"
        onClick={() => run(endPrivateSession, username)}
        className={`min-h-9 rounded-[0.6rem] border border-white/50 px-3 text-[0.82rem] font-semibold ${onDark}`}
      >
        {strings.aside.end}
      </button>
      <HeaderButtons className={onDark} />
    </header>
  );
}
