import { conversationWith } from '../../../shared/client-api/conversation-id.ts';
import type { ReactNode } from 'react';
import { useRunAction } from '../../actions/use-actions.ts';
import { cancelPrivateRequest } from '../../actions/user-actions.ts';
import type { Conversation } from '../../../shared/client-api/view-state.ts';
import { useActions, useAppState, useFormat, useNow, useStrings } from '../../ui/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { isIdentityChanged, privateSessionOf } from '../../store/private-sessions.ts';

/** Bars about private sessions: a sent request, a changed identity, a note about an end (F1, F6, F8). */
export function AsideBar({ conversation }: { conversation: Conversation }) {
  const talk = useAppState(({ view }) => privateSessionOf(view, conversation.id));
  const { username } = conversation;
  if (username === undefined) return null;
  return (
    <>
      {talk?.state.state === 'asking' ? <Asking username={username} expiresAt={talk.state.expiresAt} /> : null}
      <IdentityBar username={username} />
      <NoteBar username={username} />
    </>
  );
}

function Asking({ username, expiresAt }: { username: string; expiresAt: number }) {
  const strings = useStrings();
  const format = useFormat();
  const run = useRunAction();
  const now = useNow(1_000);
  return (
    <div
      role="status"
      className="flex items-center gap-3 border-b border-line bg-private-soft px-4 py-2 text-[0.82rem]"
    >
      <Icon name="clock" className="size-[1.1rem]" />
      <p className="flex-1">
        <strong className="font-semibold">{strings.aside.waitingFor(username)}</strong>{' '}
        <span aria-hidden="true">· {format.clock(expiresAt - now)}</span>
      </p>
      <Button onClick={() => run(cancelPrivateRequest, username)}>{strings.aside.cancelRequest}</Button>
    </div>
  );
}

/** Warns that the user's identity has changed, until the new identity is accepted (F8). */
function IdentityBar({ username }: { username: string }) {
  const strings = useStrings();
  const actions = useActions();
  const changed = useAppState(({ view }) => isIdentityChanged(view, username));
  if (!changed) return null;
  return (
    <Bar loud text={strings.aside.identityChanged(username)}>
      <Button
        onClick={() => actions.overlay.show({ kind: 'safety-number', username })}
        className="border-current! text-inherit!"
      >
        {strings.aside.compare}
      </Button>
    </Bar>
  );
}

function NoteBar({ username }: { username: string }) {
  const strings = useStrings();
  const actions = useActions();
  const note = useAppState(({ privateNotes }) => privateNotes[conversationWith(username)]);
  if (note === undefined) return null;
  return (
    <Bar loud={note.loud} text={note.text}>
      <Button
        onClick={() => actions.privateSessions.setNote(username, undefined)}
        className="border-current! text-inherit!"
      >
        {strings.dismiss}
      </Button>
    </Bar>
  );
}

function Bar({ loud, text, children }: { loud: boolean; text: string; children: ReactNode }) {
  const look = loud ? 'bg-bad text-white dark:text-black' : 'bg-private-soft';
  return (
    <div
      role={loud ? 'alert' : 'status'}
      className={`flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2 text-[0.82rem] ${look}`}
    >
      <Icon name={loud ? 'warning' : 'lock'} className="size-[1.1rem]" />
      <p className={`min-w-0 flex-1 basis-[14rem] ${loud ? 'font-semibold' : ''}`}>{text}</p>
      {children}
    </div>
  );
}
