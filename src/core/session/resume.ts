import { type Done, type Outcome, succeeded } from '../../shared/client-api/failure.ts';
import type { Core } from '../state/core.ts';

/** Signs in with the token of last time and stays online from then on (B4, G7). */
export function resume(core: Core): Outcome<Done> {
  const failure = core.connector.resume();
  return failure === undefined ? succeeded({}) : { ok: false, failure };
}

/** Tries to reconnect without further waiting, also where the connection is one only in name, as after sleep (G7). */
export function tryNow(core: Core): Outcome<Done> {
  core.connector.tryNow();
  return succeeded({});
}
