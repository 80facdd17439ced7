import type { CommandResult } from '../../shared/client-api/contract.ts';
import { type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import type { Core } from '../state/core.ts';

/** Measures how long the server takes to answer, in milliseconds (G5). */
export async function measure(core: Core): Promise<Outcome<CommandResult<'session.measure'>>> {
  const { clock } = core.ports;
  const before = clock.now();
  const outcome = await core.request('session.ping', {});
  // A clock may be set back meanwhile.
  return outcome.ok ? succeeded({ milliseconds: Math.max(0, clock.now() - before) }) : outcome;
}
