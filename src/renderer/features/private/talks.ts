import type { PrivatePath, PrivateTalk } from '../../../shared/client-api/private-view.ts';
import type { ViewState } from '../../../shared/client-api/view-state.ts';
import { conversationWith } from '../../store/conversations.ts';
import type { Strings } from '../../strings/en.ts';

/** The private session or request that belongs to a conversation. */
export function talkOf({ aside }: ViewState, conversation: string): PrivateTalk | undefined {
  return aside.find(({ username }) => conversationWith(username) === conversation);
}

/** Whether the two talk aside, or are about to. */
export function isGoingOn(talk: PrivateTalk | undefined): talk is PrivateTalk {
  return talk?.state.state === 'open' || talk?.state.state === 'connecting';
}

/** How the words go, in a few words (F4). */
export function pathWords(path: PrivatePath, strings: Strings): string {
  switch (path.kind) {
    case 'direct':
    case 'direct-lan':
      return strings.aside.direct;
    case 'relayed':
      return strings.aside.relayed;
  }
}
