import type { CommandParams } from '../../../shared/client-api/contract.ts';
import { type Done, type Outcome, succeeded } from '../../../shared/client-api/failure.ts';
import type { Core } from '../../state/core.ts';

/** Tells the other of a private session that one is writing, or no longer. */
export function setPrivateTyping(core: Core, { username, typing }: CommandParams<'private.typing'>): Outcome<Done> {
  core.privateSessions.manager.setTyping(username, typing);
  return succeeded({});
}
