import { conversationWith, EVERYONE } from '../../shared/client-api/conversation-id.ts';
import type { Conversation, Message, ViewState } from '../../shared/client-api/view-state.ts';
import type { DraftState } from './drafts.ts';

export interface ConversationsState {
  /** The conversation that the window shows. */
  readonly chosen: string | undefined;
  /** The user of a chosen conversation that has no message yet. */
  readonly opened: string | undefined;
}

export function initialConversations(): ConversationsState {
  return { chosen: undefined, opened: undefined };
}

type ListedView = Pick<ViewState, 'conversations' | 'people' | 'privateSessions'>;

const NOTHING_BROADCAST: Conversation = { id: EVERYONE, unread: 0 };

/**
 * The conversations of the view, with *Everyone*, the one that was just opened and those with a draft always among them.
 * @param drafted ids of conversations with a draft
 */
export function allConversations(
  view: ListedView,
  opened: string | undefined,
  drafted: readonly string[],
): readonly Conversation[] {
  const { conversations } = view;
  const known = new Set(conversations.map(({ id }) => id));
  const fresh: Conversation[] =
    opened === undefined || known.has(conversationWith(opened))
      ? []
      : [{ id: conversationWith(opened), username: opened, unread: 0 }];
  for (const id of drafted) {
    if (known.has(id) || fresh.some((one) => one.id === id)) continue;
    // The id has the username without its case, which the server disregards.
    fresh.push({ id, username: usernameOf(view, id) ?? id.slice(1), unread: 0 });
  }
  const everyone = conversations.find(({ id }) => id === EVERYONE) ?? NOTHING_BROADCAST;
  return [everyone, ...fresh, ...conversations.filter(({ id }) => id !== EVERYONE)];
}

/** Ids of the conversations with a user that have a draft. */
export function draftedConversations({ drafts }: DraftState): readonly string[] {
  return Object.keys(drafts).filter((id) => id.startsWith('@') && drafts[id]?.trim() !== '');
}

/** The user of a conversation without messages, from the private sessions and the users who are online. */
export function usernameOf(
  { people, privateSessions }: Pick<ViewState, 'people' | 'privateSessions'>,
  conversation: string,
): string | undefined {
  return [...privateSessions, ...people].find(({ username }) => conversationWith(username) === conversation)?.username;
}

/** Whether this user has blocked another. */
export function isBlocked({ blacklist }: Pick<ViewState, 'blacklist'>, username: string | undefined): boolean {
  return username !== undefined && (blacklist?.includes(username) ?? false);
}

/** Number of unread messages of a conversation. */
export function unreadOf({ conversations }: ViewState, conversation: string): number {
  return conversations.find(({ id }) => id === conversation)?.unread ?? 0;
}

/** When a user came online, in milliseconds since 1970 UTC; undefined if the user is offline, or that isn't known. */
export function onlineSince(view: ViewState, username: string | undefined): number | undefined {
  return view.people.find((person) => person.username === username)?.since;
}

/** Messages that wait for a connection can still be cancelled (D8). */
export function canCancel({ status }: Message): boolean {
  return status.state === 'queued' && !status.attempted;
}
