import type { ServerParams } from '../../../shared/protocol/messages.ts';
import { EVERYONE } from '../../messages/conversation.ts';
import type { Core } from '../core.ts';

export function broadcastNew(core: Core, { id, from, text, at }: ServerParams<'broadcast.new'>): void {
  core.historyBatch.receive({ id, conversation: EVERYONE, from, text, at });
}
