import { z } from 'zod';
import type { ServerChoice } from '../../shared/client-api/host.ts';
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
function isAlone({ hostState: { kind } }: AppState): boolean {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  return kind === 'browser' && globalThis.innerWidth < BESIDE_REM * rem;
}

const formMode = z.enum(['sign-in', 'register']);
/** Which form of the first screen is open. */
export type FormMode = z.infer<typeof formMode>;
const lastForm = z.object({ form: z.object({ server: z.string(), mode: formMode }) });

/** Remembers which form is open, beside the place, and nothing that was written into it. */
export function rememberForm(server: ServerChoice | undefined, mode: FormMode): void {
  history.replaceState({ ...otherState(), form: { server: serverOf(server), mode } }, '');
}

/** Somebody is signed in: the next time is a new one. */
export function forgetForm(): void {
  if (lastForm.safeParse(history.state).success) history.replaceState(otherState(), '');
}

/** @returns undefined where none was chosen or tried, or with another server */
export function recallForm(server: ServerChoice | undefined): FormMode | undefined {
  const last = lastForm.safeParse(history.state);
  return last.success && last.data.form.server === serverOf(server) ? last.data.form.mode : undefined;
}

function otherState(): object {
  const { form: _form, ...others } = z.looseObject({}).catch({}).parse(history.state);
  return others;
}

function accountOf({ view: { username = '' }, hostState: { server } }: AppState): string {
  return `${username}@${serverOf(server)}`;
}

function serverOf(server: ServerChoice | undefined): string {
  return `${server?.host ?? ''}:${server?.port ?? ''}`;
}
