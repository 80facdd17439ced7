import { EVERYONE } from '../../../shared/client-api/conversation-id.ts';
import type { Conversation } from '../../../shared/client-api/view-state.ts';
import type { Strings } from '../../../shared/text/en.ts';
import { previewOf } from '../../text/preview.ts';

/** Longer than any line of the list, in characters. */
const LINE = 160;

/**
 * One line about a conversation: its last message with the sender, or with the status of a message that waits.
 * @param online whether the other user is online; undefined without a connection
 */
export function lastLine({ id, last }: Conversation, online: boolean | undefined, strings: Strings): string {
  if (last === undefined) return id === EVERYONE ? strings.sidebar.broadcastHint : strings.sidebar.nothingYet;
  const text = previewOf(last.text, LINE);
  // With a connection, a queued message is sent at once.
  if (last.status.state === 'queued' && online === undefined) return strings.sidebar.waiting(text);
  if (last.status.state === 'stored' && online !== true) return strings.sidebar.stored(text);
  if (last.status.state === 'refused') return strings.sidebar.refused(text);
  if (!last.incoming) return strings.sidebar.lastByYou(text);
  return id === EVERYONE ? strings.sidebar.lastBy(last.from, text) : text;
}
