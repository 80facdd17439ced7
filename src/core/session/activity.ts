import { type Done, type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import type { Core } from '../state/core.ts';

/** The person does something that is not a command, such as typing (B5). */
export function activity(core: Core): Outcome<Done> {
  const timeoutSeconds = core.view().server?.policy.timeoutSeconds ?? 0;
  if (core.connector.onlineConnection !== undefined && core.activity.due(core.ports.clock.now(), timeoutSeconds)) {
    core.notify('session.activity', {});
  }
  return succeeded({});
}
