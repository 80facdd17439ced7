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

/** A private session that has ended, and its messages, in this window's memory until the user closes it (F7). */
export interface EndedPrivateSession {
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
  /** By conversation. */
  readonly endedPrivateSessions: Readonly<Record<string, EndedPrivateSession>>;
}

export function initialPrivateState(): PrivateState {
  return { privateNotes: {}, activeTab: 'private', endedPrivateSessions: {} };
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
  { chosen, activeTab, view, endedPrivateSessions }: TabState,
  conversation: string,
): ConversationTab | undefined {
  if (chosen !== conversation) return undefined;
  const hasPrivatePart =
    endedPrivateSessions[conversation] !== undefined || isActive(privateSessionOf(view, conversation));
  return hasPrivatePart ? activeTab : 'server';
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
    endedPrivateSessions: endedPrivateSessionsAfter(before, view, event),
  };
}

/**
 * A private session that begins becomes visible by itself, unless the user is writing a message through the server: they
 * would go on writing in another field.
 */
function activeTabAfter(before: TabState & DraftState, view: ViewState): ConversationTab {
  const { chosen, activeTab, drafts } = before;
  if (chosen === undefined) return activeTab;
  const begins = !isActive(privateSessionOf(before.view, chosen)) && isActive(privateSessionOf(view, chosen));
  if (!begins) return activeTab;
  const isWriting = document.activeElement instanceof HTMLTextAreaElement && (drafts[chosen] ?? '') !== '';
  return isWriting && visibleTab(before, chosen) === 'server' ? 'server' : 'private';
}

/**
 * Private sessions that have ended by another user, a lost path or with the host: their messages stay until the user closes
 * them, so that no unread one is lost, and the user's next letters don't go to the field for messages through the server.
 */
export function endedPrivateSessionsAfter(
  before: TabState,
  view: ViewState,
  event?: NumberedEvent,
): PrivateState['endedPrivateSessions'] {
  if (view.connection.state === 'signed-out' && view.connection.reason === 'by-you') return {};
  const isOver = (conversation: string): boolean => !isActive(privateSessionOf(view, conversation));
  const earlier = Object.entries(before.endedPrivateSessions);
  const kept = earlier.filter(([conversation]) => isOver(conversation));
  const ended = before.view.privateSessions.flatMap((session): [string, EndedPrivateSession][] => {
    const conversation = conversationWith(session.username);
    if (!isActive(session) || !isOver(conversation)) return [];
    const ending = endingIn(event, session.sid);
    const byUser = ending?.by === 'you' && ending.reason === 'ended';
    const hasContent = session.lines.length > 0 || visibleTab(before, conversation) === 'private';
    return byUser || !hasContent ? [] : [[conversation, { session: { ...session, typing: false }, ending }]];
  });
  return ended.length === 0 && kept.length === earlier.length
    ? before.endedPrivateSessions
    : Object.fromEntries([...kept, ...ended]);
}

function endingIn(event: NumberedEvent | undefined, sid: string): PrivateEnding | undefined {
  if (event?.name !== 'private.changed' || event.params.session.sid !== sid) return undefined;
  const { state } = event.params.session;
  return state.state === 'ended' ? state.ending : undefined;
}
