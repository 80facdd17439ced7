import type { ServerParams } from '../../../shared/protocol/messages.ts';
import type { Core } from '../core.ts';

export function privateSignal(core: Core, params: ServerParams<'private.signal'>): void {
  core.privateSessions.manager.signal(params);
}
