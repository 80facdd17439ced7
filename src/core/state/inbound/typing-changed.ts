import type { ServerParams } from '../../../shared/protocol/messages.ts';
import type { Core } from '../core.ts';

export function typingChanged(core: Core, params: ServerParams<'typing.changed'>): void {
  core.emit('typing.changed', params);
}
