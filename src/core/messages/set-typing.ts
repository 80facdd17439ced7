import type { CommandParams } from '../../shared/client-api/contract.ts';
import { type Done, type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import type { Core } from '../state/core.ts';

/** Tells somebody that one is writing to them, or no longer. */
export function setTyping(core: Core, params: CommandParams<'typing.set'>): Outcome<Done> {
  core.notify('typing.set', params);
  return succeeded({});
}
