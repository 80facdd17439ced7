import { useRunAction } from '../../actions/use-actions.ts';
import { openUser } from '../../actions/user-actions.ts';
import { openPalette } from '../../actions/window-actions.ts';
import type { Person } from '../../../shared/client-api/view-state.ts';
import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { writeShortcut } from '../../ui/shortcuts.ts';
import { isLoopback, writeServer } from '../start/server-address.ts';
import { StateBar } from '../states/state-bar.tsx';

/** Most users online that the empty pane offers; the list beside it has all. */
const PEOPLE_OFFERED = 5;

/** The pane without a conversation: offers users to write to, or says how others can join. */
export function NothingChosen() {
  const strings = useStrings();
  const people = useAppState(({ view }) => view.people);
  const connected = useAppState(({ view }) => view.connection.state === 'online');
  const alone = connected && people.length === 0;
  return (
    <main className="flex flex-col bg-panel @max-3xl:sr-only">
      <div className="@max-3xl:hidden">
        <StateBar />
      </div>
      <div className="m-auto grid w-full max-w-[26rem] justify-items-center gap-4 p-6 text-center">
        <h1 className="text-base font-semibold">
          {alone ? strings.conversation.alone : strings.conversation.noneChosen}
        </h1>
        {/* In a narrow window, the list is shown instead of this pane. */}
        <div className="grid w-full justify-items-center gap-4 @max-3xl:hidden">
          {connected && people.length > 0 ? <OnlineNow people={people} /> : null}
          {alone ? <HowToJoin /> : null}
          <p className="text-ink-2">
            {strings.conversation.noneChosenHint(writeShortcut(openPalette.shortcut, strings.keys))}
          </p>
        </div>
      </div>
    </main>
  );
}

function OnlineNow({ people }: { people: readonly Person[] }) {
  const strings = useStrings();
  const run = useRunAction();
  return (
    <ul aria-label={strings.conversation.writeToLabel} className="flex flex-wrap justify-center gap-2">
      {people.slice(0, PEOPLE_OFFERED).map(({ username }) => (
        <li key={username} className="max-w-full">
          <Button onClick={() => run(openUser, username)} className="ps-1.5">
            <Avatar name={username} size="small" online />
            <span className="min-w-0 truncate">{strings.conversation.writeTo(username)}</span>
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** Tells the user how others join this server: its address, and an invitation if the server asks for one. */
export function HowToJoin() {
  const strings = useStrings();
  const actions = useActions();
  const server = useAppState(({ hostState }) => hostState.server);
  const registration = useAppState(({ view }) => view.server?.policy.registration);
  if (server === undefined) return null;
  const address = writeServer(server);
  const { join } = strings.conversation;
  return (
    <div className="grid w-full justify-items-center gap-2 text-center text-[0.82rem] text-ink-2">
      <p>{isLoopback(server.host) ? join.here : join.elsewhere}</p>
      <p className="flex max-w-full flex-wrap items-center justify-center gap-2">
        <code
          dir="ltr"
          className="min-w-0 rounded-lg border border-line bg-ground px-2 py-1 font-mono [overflow-wrap:anywhere]"
        >
          {address}
        </code>
        <Button icon="copy" onClick={() => void actions.clipboard.copy(address)}>
          {join.copy}
        </Button>
      </p>
      {isLoopback(server.host) ? <p>{join.otherComputers}</p> : null}
      {registration === 'invite' ? <p>{join.invite}</p> : null}
      {registration === 'closed' ? <p>{strings.start.closed}</p> : null}
    </div>
  );
}
