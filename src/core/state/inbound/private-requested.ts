import type { ServerParams } from '../../../shared/protocol/messages.ts';
import type { Core } from '../core.ts';

export function privateRequested(core: Core, params: ServerParams<'private.requested'>): void {
  core.privateSessions.manager.requested(params);
}
