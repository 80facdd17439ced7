import { z } from 'zod';
import type { AppState } from './app-state.ts';

/** Which conversation is open, remembered beside this page's address: loading it again changes nothing (G7). */
const lastPlace = z.object({ account: z.string(), conversation: z.string(), username: z.string().optional() });
export type LastPlace = z.infer<typeof lastPlace>;

/** @param conversation undefined: none is open */
export function rememberPlace(state: AppState, conversation: string | undefined, username: string | undefined): void {
  const place = conversation === undefined ? null : { account: accountOf(state), conversation, username };
  history.replaceState(place, '');
}

/** @returns undefined where none was open, or with another account */
export function recallPlace(state: AppState): LastPlace | undefined {
  const place = lastPlace.safeParse(history.state);
  return place.success && place.data.account === accountOf(state) ? place.data : undefined;
}

function accountOf({ view: { username = '' }, facts: { server } }: AppState): string {
  return `${username}@${server?.host ?? ''}:${server?.port ?? ''}`;
}
