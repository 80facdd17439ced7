import type { ServerParams } from '../../../shared/protocol/messages.ts';
import type { Core } from '../core.ts';

export function privateEnded(core: Core, params: ServerParams<'private.ended'>): void {
  core.privateSessions.manager.ended(params);
}
