import { type Done, type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import type { Core } from '../state/core.ts';

/** Signs out, at the server too where it can be reached (B6). Always succeeds here. */
export async function signOut(core: Core): Promise<Outcome<Done>> {
  // While there is still a connection over which the others can be told.
  core.privateSessions.manager.endAll('left');
  await new Promise<void>((resolve) => {
    core.connector.signOut(resolve);
  });
  return succeeded({});
}
