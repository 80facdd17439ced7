import type { ServerParams } from '../../../shared/protocol/messages.ts';
import type { Core } from '../core.ts';

export function presenceChanged(core: Core, params: ServerParams<'presence.changed'>): void {
  core.emit('presence.changed', params);
}
