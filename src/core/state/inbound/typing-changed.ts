import type { ServerParams } from '../../../shared/protocol/messages.ts';
import type { Core } from '../core.ts';

export function typingChanged(core: Core, params: ServerParams<'typing.changed'>): void {
  core.typing.onTyping(params.username, params.typing);
  core.emit('typing.changed', params);
}
