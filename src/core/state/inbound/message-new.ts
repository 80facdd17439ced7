import type { ServerParams } from '../../../shared/protocol/messages.ts';
import type { Core } from '../core.ts';

/** Stored first; shown and confirmed when the chunk it came in is on disk (D3). */
export function messageNew(core: Core, params: ServerParams<'message.new'>): void {
  core.inbox.receive(params, core.view().username ?? '');
}
