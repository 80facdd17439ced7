import { z } from 'zod';
import type { ServerChoice } from '../../shared/client-api/host.ts';
import type { ClientState } from './client.ts';
import type { ConversationsState } from './conversations.ts';

/** The open conversation, stored in the page's history entry: a page load restores it (G7). */
const lastPlace = z.object({
  account: z.string(),
  conversation: z.string(),
  username: z.string().optional(),
  /** The list is the history entry before this one. */
  behindList: z.literal(true).optional(),
});
export type LastPlace = z.infer<typeof lastPlace>;

type PlaceState = ClientState & Pick<ConversationsState, 'chosen'>;

/** From this window width on the list is beside the conversation: `@3xl` of the styles, in `rem`. */
const BESIDE_REM = 48;

/**
 * In a window that shows either the list or a conversation, the browser's back button leads to the list (G2).
 * @param conversation undefined: none is open
 */
export function rememberPlace(state: PlaceState, conversation: string | undefined, username: string | undefined): void {
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

/** @returns undefined if no conversation was open, or if another account was */
export function recallPlace(state: ClientState): LastPlace | undefined {
  const place = placeNow();
  return place?.account === accountOf(state) ? place : undefined;
}

function placeNow(): LastPlace | undefined {
  const place = lastPlace.safeParse(history.state);
  return place.success ? place.data : undefined;
}

/** Whether the window shows either the list or a conversation; only in a browser, the desktop's window has no back button. */
function isAlone({ hostState: { kind } }: ClientState): boolean {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  return kind === 'browser' && globalThis.innerWidth < BESIDE_REM * rem;
}

const formMode = z.enum(['sign-in', 'register']);
/** The form of the start screen. */
export type FormMode = z.infer<typeof formMode>;
const lastForm = z.object({ form: z.object({ server: z.string(), mode: formMode }) });

/** Stores the name of the open form beside the place, and no text from it. */
export function rememberForm(server: ServerChoice | undefined, mode: FormMode): void {
  history.replaceState({ ...otherState(), form: { server: serverOf(server), mode } }, '');
}

/** After a sign-in the start screen begins with its first form again. */
export function forgetForm(): void {
  if (lastForm.safeParse(history.state).success) history.replaceState(otherState(), '');
}

/** @returns undefined if the user has opened none, or had another server */
export function recallForm(server: ServerChoice | undefined): FormMode | undefined {
  const last = lastForm.safeParse(history.state);
  return last.success && last.data.form.server === serverOf(server) ? last.data.form.mode : undefined;
}

function otherState(): object {
  const { form: _form, ...others } = z.looseObject({}).catch({}).parse(history.state);
  return others;
}

function accountOf({ view: { username = '' }, hostState: { server } }: ClientState): string {
  return `${username}@${serverOf(server)}`;
}

function serverOf(server: ServerChoice | undefined): string {
  return `${server?.host ?? ''}:${server?.port ?? ''}`;
}
