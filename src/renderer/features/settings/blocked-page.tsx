import { useRunAction } from '../../actions/use-actions.ts';
import { unblockUser } from '../../actions/user-actions.ts';
import { useAppState, useStrings } from '../../ui/app-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';

/** The blacklist (E1, G4). */
export function BlockedPage() {
  const strings = useStrings();
  const run = useRunAction();
  const blacklist = useAppState(({ view }) => view.blacklist);
  const connected = useAppState(({ view }) => view.connection.state === 'online');
  return (
    <div className="grid gap-3">
      <p className="text-[0.82rem] text-ink-2">{strings.settings.blockedHint}</p>
      {blacklist === undefined || blacklist.length === 0 ? (
        <p>{blacklist === undefined ? strings.settings.notWhileOffline : strings.settings.noneBlocked}</p>
      ) : (
        <ul className="grid gap-1">
          {blacklist.map((username) => (
            <li key={username} className="flex items-center gap-3 py-1">
              <Avatar name={username} size="small" />
              <span className="min-w-0 flex-1 truncate">{username}</span>
              <Button
                disabled={!connected}
                aria-label={strings.settings.unblockPerson(username)}
                onClick={() => run(unblockUser, username)}
              >
                {strings.settings.unblock}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
