import { useEffect, useState } from 'react';
import type { Registration, ServerChoice } from '../../../shared/client-api/host.ts';
import { useActions, useAppState } from '../../ui/app-context.tsx';

/** The server's policy on new accounts, before and after a client connects; undefined until it is known. */
export function useRegistration(): Registration | undefined {
  const actions = useActions();
  const server = useAppState(({ hostState }) => hostState.server);
  const greeted = useAppState(({ view }) => view.server?.policy.registration);
  const [read, setRead] = useState<{
    readonly server: ServerChoice;
    readonly registration: Registration | undefined;
  }>();
  const unknown = greeted === undefined;
  useEffect(() => {
    if (server === undefined || !unknown) return;
    let isOver = false;
    // If the server does not answer, the sign-in reports that.
    void actions.host.run('host.probeServer', server).then((outcome) => {
      if (!isOver && outcome.ok) setRead({ server, registration: outcome.result.registration });
    });
    return () => {
      isOver = true;
    };
  }, [actions, server, unknown]);
  return greeted ?? (read?.server === server ? read?.registration : undefined);
}
