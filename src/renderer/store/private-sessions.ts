import type { NumberedEvent } from '../../shared/client-api/contract.ts';
import type { PrivateConversation } from '../../shared/client-api/private-view.ts';
import type { ViewState } from '../../shared/client-api/view-state.ts';
import type { AppState, EndedPrivateSession } from './app-state.ts';
import { conversationWith } from './conversations.ts';

/** The private session or request that belongs to a conversation. */
export function privateSessionOf(
  { privateSessions }: ViewState,
  conversation: string,
): PrivateConversation | undefined {
  return privateSessions.find(({ username }) => conversationWith(username) === conversation);
}

/** Whether somebody uses another device than the known one, and nobody has accepted that (F8). */
export function isIdentityChanged({ identitiesChanged }: ViewState, username: string): boolean {
  return identitiesChanged.some((one) => conversationWith(one) === conversationWith(username));
}

/** Whether the two talk aside, or are about to. */
export function isActive(talk: PrivateConversation | undefined): talk is PrivateConversation {
  return talk?.state.state === 'open' || talk?.state.state === 'connecting';
}

type Sight = Pick<AppState, 'chosen' | 'besideAside' | 'view' | 'endedPrivateSession'>;

/** Which part of a conversation the window shows: a private session hides what goes through the server. */
export function partInSight(
  { chosen, besideAside, view, endedPrivateSession }: Sight,
  conversation: string,
): 'aside' | 'server' | undefined {
  if (chosen !== conversation) return undefined;
  if (endedPrivateSession?.conversation === conversation) return 'aside';
  return isActive(privateSessionOf(view, conversation)) && !besideAside ? 'aside' : 'server';
}

/**
 * Whether the ordinary part stays in sight when a private session begins: for whoever is writing in it, who would else go on
 * in another field. The session comes into sight by itself for everybody else.
 */
export function besideAfter(before: AppState, view: ViewState): boolean {
  const { chosen, besideAside, endedPrivateSession, drafts } = before;
  if (chosen === undefined || endedPrivateSession !== undefined) return besideAside;
  const begins = !isActive(privateSessionOf(before.view, chosen)) && isActive(privateSessionOf(view, chosen));
  if (!begins) return besideAside;
  return besideAside || (document.activeElement instanceof HTMLTextAreaElement && (drafts[chosen] ?? '') !== '');
}

/**
 * The private session in sight that somebody else has ended, or that went with the host: its place stays as it is, so that
 * what is being typed there never finds itself in the field of what goes through the server.
 * @param event what has just ended it, where that is known
 */
export function endedPrivateSessionAfter(
  before: Sight,
  view: ViewState,
  event?: NumberedEvent,
): EndedPrivateSession | undefined {
  const { chosen } = before;
  if (chosen === undefined || isActive(privateSessionOf(view, chosen))) return undefined;
  if (before.endedPrivateSession !== undefined) return before.endedPrivateSession;
  const talk = privateSessionOf(before.view, chosen);
  if (!isActive(talk) || partInSight(before, chosen) !== 'aside') return undefined;
  const left = view.connection.state === 'signed-out' && view.connection.reason === 'by-you';
  const ended = event?.name === 'private.changed' ? event.params.session.state : undefined;
  return left
    ? undefined
    : {
        conversation: chosen,
        session: { ...talk, lines: [], typing: false },
        ending: ended?.state === 'ended' ? ended.ending : undefined,
      };
}
