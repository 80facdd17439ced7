import { useActions, useAppState, useStrings } from '../../ui/app-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';

/** The blacklist (E1, G4). */
export function BlockedPage() {
  const strings = useStrings();
  const actions = useActions();
  const blacklist = useAppState(({ view }) => view.blacklist);
  const connected = useAppState(({ view }) => view.connection.state === 'online');
  const unblock = async (username: string) => {
    if (await actions.client.attempt('blacklist.remove', { username }))
      actions.toasts.show(strings.details.unblocked(username));
  };
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
                onClick={() => void unblock(username)}
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
