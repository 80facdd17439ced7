import { conversationWith } from '../../shared/client-api/conversation-id.ts';
import type { NumberedEvent } from '../../shared/client-api/contract.ts';
import type { PrivateConversation, PrivateEnding } from '../../shared/client-api/private-view.ts';
import type { ViewState } from '../../shared/client-api/view-state.ts';
import { type ClientState, screenOf } from './client.ts';
import { type ConversationsState } from './conversations.ts';
import type { DraftState } from './drafts.ts';
import type { OverlayState } from './overlay.ts';

/** The end of a private session, or a warning. */
export interface PrivateNote {
  readonly kind: 'ended' | 'warning';
  readonly text: string;
  readonly loud: boolean;
}

/** A private session that was visible when it ended, until the user dismisses it. It has no message (F7). */
export interface EndedPrivateSession {
  readonly conversation: string;
  readonly session: PrivateConversation;
  /** Undefined if the session ended with the host. */
  readonly ending: PrivateEnding | undefined;
}

/** The two parts of a conversation: its private session, and the messages that go through the server. */
export type ConversationTab = 'private' | 'server';

export interface PrivateState {
  /** Notes about private sessions by conversation, until they are dismissed. */
  readonly privateNotes: Readonly<Record<string, PrivateNote>>;
  /** The tab that the user sees while the conversation has a private session. */
  readonly activeTab: ConversationTab;
  readonly endedPrivateSession: EndedPrivateSession | undefined;
}

export function initialPrivateState(): PrivateState {
  return { privateNotes: {}, activeTab: 'private', endedPrivateSession: undefined };
}

/** The private session or request of a conversation. */
export function privateSessionOf(
  { privateSessions }: ViewState,
  conversation: string,
): PrivateConversation | undefined {
  return privateSessions.find(({ username }) => conversationWith(username) === conversation);
}

/** Whether a user has another device than the known one, and this user hasn't accepted it (F8). */
export function isIdentityChanged({ identitiesChanged }: ViewState, username: string): boolean {
  return identitiesChanged.some((one) => conversationWith(one) === conversationWith(username));
}

/** Whether a private session is open or connecting. */
export function isActive(session: PrivateConversation | undefined): session is PrivateConversation {
  return session?.state.state === 'open' || session?.state.state === 'connecting';
}

type TabState = PrivateState & Pick<ClientState, 'view'> & Pick<ConversationsState, 'chosen'>;

/** The tab of a conversation that the window shows; undefined if the window doesn't show the conversation. */
export function visibleTab(
  { chosen, activeTab, view, endedPrivateSession }: TabState,
  conversation: string,
): ConversationTab | undefined {
  if (chosen !== conversation) return undefined;
  if (endedPrivateSession?.conversation === conversation) return 'private';
  return isActive(privateSessionOf(view, conversation)) ? activeTab : 'server';
}

type SightState = TabState & ClientState & Pick<OverlayState, 'openDialogs'>;

/** Whether the main screen is shown and no dialog covers it. */
export function isUncovered(state: ClientState & Pick<OverlayState, 'openDialogs'>): boolean {
  return screenOf(state) === 'main' && state.openDialogs === 0;
}

/** The tab of a conversation that the user sees now; undefined if another screen, a dialog or another window has the focus. */
export function seenTab(state: SightState, conversation: string): ConversationTab | undefined {
  return isUncovered(state) && document.hasFocus() ? visibleTab(state, conversation) : undefined;
}

/** @param event the event that led to the view, if one did */
export function privateStateAfter(
  before: TabState & DraftState,
  view: ViewState,
  event?: NumberedEvent,
): Partial<PrivateState> {
  return {
    activeTab: activeTabAfter(before, view),
    endedPrivateSession: endedPrivateSessionAfter(before, view, event),
  };
}

/**
 * A private session that begins becomes visible by itself, unless the user is writing a message through the server: they
 * would go on writing in another field.
 */
function activeTabAfter(before: TabState & DraftState, view: ViewState): ConversationTab {
  const { chosen, activeTab, endedPrivateSession, drafts } = before;
  if (chosen === undefined || endedPrivateSession !== undefined) return activeTab;
  const begins = !isActive(privateSessionOf(before.view, chosen)) && isActive(privateSessionOf(view, chosen));
  const isWriting = document.activeElement instanceof HTMLTextAreaElement && (drafts[chosen] ?? '') !== '';
  return begins && isWriting ? 'server' : activeTab;
}

/**
 * The visible private session that the other user has ended, or that ended with the host. It stays visible, so that the
 * user's next letters don't go to the field for messages through the server.
 */
export function endedPrivateSessionAfter(
  before: TabState,
  view: ViewState,
  event?: NumberedEvent,
): EndedPrivateSession | undefined {
  const { chosen } = before;
  if (chosen === undefined || isActive(privateSessionOf(view, chosen))) return undefined;
  if (before.endedPrivateSession !== undefined) return before.endedPrivateSession;
  const session = privateSessionOf(before.view, chosen);
  if (!isActive(session) || visibleTab(before, chosen) !== 'private') return undefined;
  const signedOut = view.connection.state === 'signed-out' && view.connection.reason === 'by-you';
  const changed = event?.name === 'private.changed' ? event.params.session.state : undefined;
  return signedOut
    ? undefined
    : {
        conversation: chosen,
        session: { ...session, lines: [], typing: false },
        ending: changed?.state === 'ended' ? changed.ending : undefined,
      };
}
