import { LIMITS } from '../../shared/limits.ts';
import { z } from 'zod';
import type { LineFault } from '../../shared/client-api/contract.ts';
import { type Message, messageStatus } from '../../shared/client-api/view-state.ts';
import { timestamp, unicode, username, uuid } from '../../shared/protocol/ids.ts';
import { fitsBytes } from '../../shared/protocol/text.ts';
import { conversationWith, EVERYONE } from '../../shared/client-api/conversation-id.ts';
import { foldUsername } from '../../shared/client-api/fold-username.ts';
import type { RestoredMessage } from '../ports.ts';

/** First line of an exported history: JSON Lines, one message a line after it. */
export const EXPORT_HEADER = JSON.stringify({ aside: 'history', version: 1 });

const header = z.object({ aside: z.literal('history'), version: z.number() });
const line = z.strictObject({
  id: uuid,
  incoming: z.boolean(),
  from: username.min(1),
  to: username.min(1).optional(),
  text: unicode.min(1).refine((text) => fitsBytes(text, LIMITS.textBytes)),
  at: timestamp,
  status: messageStatus,
  aside: z.literal(true).optional(),
});

/** A message as a line of an exported history, without the LF. */
export function messageLine({
  position: _position,
  conversation: _conversation,
  isPrivate,
  ...message
}: Message): string {
  return JSON.stringify({ ...message, ...(isPrivate === undefined ? {} : { aside: true }) });
}

/** A parsed line of an exported history: a message, a line to skip, or a fault. */
export type ReadLine =
  | { readonly kind: 'message'; readonly message: RestoredMessage }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'fault'; readonly reason: LineFault };

/**
 * Reads a line of an exported history. The file is not trusted: the conversation is derived, not read.
 * @param own username of this client
 */
export function readMessageLine(text: string, own: string): ReadLine {
  if (text.trim() === '') return { kind: 'skipped' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fault('not-json');
  }
  const begin = header.safeParse(value);
  if (begin.success) return begin.data.version === 1 ? { kind: 'skipped' } : fault('newer-version');
  const parsed = line.safeParse(value);
  if (!parsed.success) {
    const wrongTime = parsed.error.issues.every(({ path }) => path[0] === 'at');
    return fault(wrongTime ? 'wrong-time' : 'not-a-message');
  }
  const { to, aside, ...message } = parsed.data;
  const { incoming, from, status } = message;
  if (incoming !== (status.state === 'received') || status.state === 'queued') {
    return fault('wrong-state');
  }
  const mine = incoming ? to : from;
  if (mine !== undefined && foldUsername(mine) !== foldUsername(own)) {
    return fault('other-account');
  }
  const conversation = to === undefined ? EVERYONE : conversationWith(incoming ? from : to);
  const parts = { ...(to === undefined ? {} : { to }), ...(aside === undefined ? {} : { isPrivate: true as const }) };
  return { kind: 'message', message: { ...message, ...parts, conversation } };
}

function fault(reason: LineFault): ReadLine {
  return { kind: 'fault', reason };
}
