import { LIMITS } from '../../shared/limits.ts';
import type { CommandParams, CommandResult } from '../../shared/client-api/contract.ts';
import { failed, type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import { isBlank } from '../../shared/client-api/blank-text.ts';
import { fitsBytes } from '../../shared/protocol/text.ts';
import { uuidV7 } from '../../shared/client-api/uuid.ts';
import type { Core } from '../state/core.ts';
import { EVERYONE } from '../../shared/client-api/conversation-id.ts';
import { findRepeatedMessage } from './repeated-message.ts';

/** Sends a message to all online users (D7), now or not at all: it never waits in the outbox. */
export async function sendBroadcast(
  core: Core,
  { id: own, text }: CommandParams<'message.broadcast'>,
): Promise<Outcome<CommandResult<'message.broadcast'>>> {
  if (isBlank(text)) return failed('text-blank');
  if (!fitsBytes(text, core.view().server?.limits.textBytes ?? LIMITS.textBytes)) return failed('too-long');
  const before = findRepeatedMessage(core, own, { conversation: EVERYONE, text });
  if (!before.ok) return before;
  if (before.result?.status.state === 'broadcast') return succeeded(before.result.status);
  const now = core.ports.clock.now();
  const at = now + core.view().clockOffset;
  const id = own ?? uuidV7(now, core.ports.random);
  // The server counts a broadcast as a message, so the outbox has to as well.
  core.sendRate.take(now);
  const outcome = await core.request('message.broadcast', { id, text });
  if (!outcome.ok) return outcome;
  const status = { state: 'broadcast', ...outcome.result } as const;
  try {
    const from = core.view().username ?? '';
    const message = core.ports.history.addOutgoing({ id, conversation: EVERYONE, from, text, at, status });
    core.emit('message.added', { message });
  } catch {
    // The broadcast is sent, so the command succeeds; only the copy on this computer is missing.
  }
  return outcome;
}
