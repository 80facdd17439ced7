import { useEffect, useLayoutEffect, useRef } from 'react';
import type { PrivatePath, PrivateTalk } from '../../../shared/client-api/private-view.ts';
import type { Conversation } from '../../../shared/client-api/view-state.ts';
import type { Strings } from '../../strings/en.ts';
import { useActions, useAppState, useFormat, useStrings } from '../../ui/app-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { StateBar } from '../states/state-bar.tsx';
import { MessageText } from '../conversation/message-text.tsx';
import { AsideBar } from './aside-bar.tsx';
import { Parts } from './parts.tsx';
import { PrivateComposer } from './private-composer.tsx';

/** Nearer to the last words than this counts as being there, in pixels. */
const NEAR_END = 80;

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
      <Lines talk={talk} />
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

function Lines({ talk }: { talk: PrivateTalk }) {
  const strings = useStrings();
  const format = useFormat();
  const list = useRef<HTMLDivElement>(null);
  const { lines, username, state } = talk;
  const atEnd = useRef(true);
  const last = lines.at(-1);
  // Whoever reads further up stays there, until they say something themselves.
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null || (!atEnd.current && last?.incoming !== false)) return;
    element.scrollTop = element.scrollHeight;
  }, [last?.id, last?.incoming]);
  return (
    <div
      ref={list}
      role="log"
      aria-label={strings.aside.label(username)}
      aria-live="off"
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, clientHeight, scrollTop } }) => {
        atEnd.current = scrollHeight - clientHeight - scrollTop < NEAR_END;
      }}
      className="min-h-0 flex-1 overflow-y-auto px-[max(1rem,calc(50%-30rem))] py-4 focus-visible:-outline-offset-2"
    >
      {state.state === 'open' ? <PathLine talk={talk} /> : null}
      {lines.map((line, place) => {
        const closes = lines[place + 1]?.incoming !== line.incoming;
        const side = line.incoming ? 'items-start' : 'items-end';
        const look = line.incoming
          ? `bg-panel text-ink ${closes ? 'rounded-es-[0.3rem]' : ''}`
          : `bg-private-2 text-white ${closes ? 'rounded-ee-[0.3rem]' : ''}`;
        return (
          <div key={line.id} className={`flex flex-col ${side} pb-[3px]`}>
            <div className={`bubble max-w-[min(85%,38rem)] rounded-2xl px-3 py-2 ${look}`}>
              <MessageText text={line.text} />
            </div>
            {closes ? (
              <p className="mx-1.5 mt-0.5 mb-2.5 text-[0.72rem] text-ink-2">
                {line.incoming
                  ? `${username} · ${format.time(line.at)}`
                  : `${format.time(line.at)} · ${line.delivered ? strings.status.delivered : strings.aside.sent}`}
              </p>
            ) : null}
          </div>
        );
      })}
      {talk.typing ? <p className="text-[0.75rem] text-ink-2">{strings.conversation.typing(username)}</p> : null}
    </div>
  );
}

/** How the words go, and how sure one can be who it is. */
function PathLine({ talk: { username, state } }: { talk: PrivateTalk }) {
  const strings = useStrings();
  const actions = useActions();
  const ownName = useAppState(({ view }) => view.username ?? strings.you);
  useEffect(() => {
    actions.speak(strings.aside.label(username));
  }, [actions, strings, username]);
  if (state.state !== 'open') return null;
  const { path, standing } = state;
  const node = 'rounded-full border border-line bg-panel px-3 py-0.5';
  return (
    <div className="mb-4 grid justify-items-center gap-3 text-[0.75rem] text-ink-2">
      <p className="flex max-w-full flex-wrap items-center justify-center gap-2">
        <span className={node}>{ownName}</span>
        <span aria-hidden="true" className="h-0.5 w-8 bg-private-2 @2xl:w-16" />
        <span>
          {path.kind === 'relayed' ? null : <span dir="ltr">{path.address} </span>}
          {pathWords(path, strings)}
        </span>
        <span aria-hidden="true" className="h-0.5 w-8 bg-private-2 @2xl:w-16" />
        <span className={node}>{username}</span>
      </p>
      <p className="rounded-2xl border border-line bg-panel px-3 py-1 text-center">
        {strings.aside.standing[standing]}{' '}
        {standing === 'verified' ? null : (
          <button
            type="button"
            onClick={() => actions.show({ kind: 'safety-number', username })}
            className="rounded font-semibold text-ink underline underline-offset-2"
          >
            {strings.aside.compare}
          </button>
        )}
      </p>
    </div>
  );
}

/** How the words go, in a few words (F4). */
function pathWords(path: PrivatePath, strings: Strings): string {
  switch (path.kind) {
    case 'direct':
    case 'direct-lan':
      return strings.aside.direct;
    case 'relayed':
      return strings.aside.relayed;
  }
}
