import { LIMITS } from '../../shared/limits.ts';
import type { CommandParams, CommandResult } from '../../shared/client-api/contract.ts';
import { failed, type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import { isBlank } from '../../shared/client-api/blank-text.ts';
import { fitsBytes } from '../../shared/protocol/text.ts';
import { uuidV7 } from '../../shared/client-api/uuid.ts';
import type { Core } from '../state/core.ts';
import { conversationWith } from '../../shared/client-api/conversation-id.ts';
import { findRepeatedMessage } from './repeated-message.ts';

/** Puts a message into the outbox, which sends it now or after the next connect (D1, D2, D8). */
export function queueMessage(
  core: Core,
  { id, to, text }: CommandParams<'message.send'>,
): Outcome<CommandResult<'message.send'>> {
  if (isBlank(text)) return failed('text-blank');
  if (!fitsBytes(text, core.view().server?.limits.textBytes ?? LIMITS.textBytes)) return failed('too-long');
  const now = core.ports.clock.now();
  const at = now + core.view().clockOffset;
  const from = core.view().username ?? '';
  const conversation = conversationWith(to);
  const before = findRepeatedMessage(core, id, { conversation, text });
  if (!before.ok) return before;
  if (before.result !== undefined) return succeeded({ message: before.result });
  const message = { id: id ?? uuidV7(now, core.ports.random), conversation, from, to, text, at };
  const outcome = core.outbox.add(message);
  if (!outcome.ok) return outcome;
  core.emit('message.added', { message: outcome.result });
  core.emit('outbox.changed', { waiting: core.outbox.size });
  core.outbox.pump();
  core.connector.userPresent();
  return succeeded({ message: outcome.result });
}
