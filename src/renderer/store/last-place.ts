import { z } from 'zod';
import type { AppState } from './app-state.ts';

/** Which conversation is open, remembered beside this page's address: loading it again changes nothing (G7). */
const lastPlace = z.object({
  account: z.string(),
  conversation: z.string(),
  username: z.string().optional(),
  /** The list is one step back. */
  behindList: z.literal(true).optional(),
});
export type LastPlace = z.infer<typeof lastPlace>;

/** From this width of the window on, the list stands beside the conversation: `@3xl` of the styles, in `rem`. */
const BESIDE_REM = 48;

/**
 * Where the list gives way to the conversation, the browser's own way back leads to the list again (G2).
 * @param conversation undefined: none is open
 */
export function rememberPlace(state: AppState, conversation: string | undefined, username: string | undefined): void {
  const before = placeNow();
  if (conversation === undefined) {
    if (before?.behindList === true) history.back();
    else history.replaceState(null, '');
    return;
  }
  const place: LastPlace = { account: accountOf(state), conversation, username };
  const behindList = state.chosen === undefined && isAlone(state);
  if (behindList && before === undefined) history.pushState({ ...place, behindList }, '');
  else history.replaceState({ ...place, ...(before?.behindList === true ? { behindList: true } : {}) }, '');
}

/** @returns undefined where none was open, or with another account */
export function recallPlace(state: AppState): LastPlace | undefined {
  const place = placeNow();
  return place?.account === accountOf(state) ? place : undefined;
}

function placeNow(): LastPlace | undefined {
  const place = lastPlace.safeParse(history.state);
  return place.success ? place.data : undefined;
}

/** The list and a conversation take turns, in a browser: the desktop's window has no way back. */
function isAlone({ facts: { kind } }: AppState): boolean {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  return kind === 'browser' && globalThis.innerWidth < BESIDE_REM * rem;
}

function accountOf({ view: { username = '' }, facts: { server } }: AppState): string {
  return `${username}@${server?.host ?? ''}:${server?.port ?? ''}`;
}
