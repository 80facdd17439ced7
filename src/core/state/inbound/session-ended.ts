import type { ServerParams } from '../../../shared/protocol/messages.ts';
import type { Core } from '../core.ts';

export function sessionEnded(core: Core, params: ServerParams<'session.ended'>): void {
  core.connector.sessionEnded(params);
}
