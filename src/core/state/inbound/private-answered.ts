import type { ServerParams } from '../../../shared/protocol/messages.ts';
import type { Core } from '../core.ts';

export function privateAnswered(core: Core, params: ServerParams<'private.answered'>): void {
  core.privateSessions.manager.answered(params);
}
