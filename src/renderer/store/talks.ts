import type { PrivateTalk } from '../../shared/client-api/private-view.ts';
import type { ViewState } from '../../shared/client-api/view-state.ts';
import type { AppState } from './app-state.ts';
import { conversationWith } from './conversations.ts';

/** The private session or request that belongs to a conversation. */
export function talkOf({ aside }: ViewState, conversation: string): PrivateTalk | undefined {
  return aside.find(({ username }) => conversationWith(username) === conversation);
}

/** Whether the two talk aside, or are about to. */
export function isGoingOn(talk: PrivateTalk | undefined): talk is PrivateTalk {
  return talk?.state.state === 'open' || talk?.state.state === 'connecting';
}

/** Which part of a conversation the window shows: a private session hides what goes through the server. */
export function partInSight(
  { chosen, besideAside, view }: Pick<AppState, 'chosen' | 'besideAside' | 'view'>,
  conversation: string,
): 'aside' | 'server' | undefined {
  if (chosen !== conversation) return undefined;
  return isGoingOn(talkOf(view, conversation)) && !besideAside ? 'aside' : 'server';
}
