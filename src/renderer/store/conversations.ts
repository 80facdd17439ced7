import { conversationWith, EVERYONE } from '../../shared/client-api/conversation-id.ts';
import type { Conversation, Message, ViewState } from '../../shared/client-api/view-state.ts';

export interface ConversationsState {
  /** The conversation that the window shows. */
  readonly chosen: string | undefined;
  /** The user of a chosen conversation that has no message yet. */
  readonly opened: string | undefined;
}

export function initialConversations(): ConversationsState {
  return { chosen: undefined, opened: undefined };
}

const NOTHING_BROADCAST: Conversation = { id: EVERYONE, unread: 0 };

/** The conversations of the view, with *Everyone* and the one that was just opened always among them. */
export function allConversations(
  { conversations }: Pick<ViewState, 'conversations'>,
  opened: string | undefined,
): readonly Conversation[] {
  const has = (id: string) => conversations.some((one) => one.id === id);
  const fresh: Conversation[] =
    opened === undefined || has(conversationWith(opened))
      ? []
      : [{ id: conversationWith(opened), username: opened, unread: 0 }];
  const everyone = conversations.find(({ id }) => id === EVERYONE) ?? NOTHING_BROADCAST;
  return [everyone, ...fresh, ...conversations.filter(({ id }) => id !== EVERYONE)];
}

/** The user of a conversation without messages, from the private sessions and the users who are online. */
export function usernameOf({ people, privateSessions }: ViewState, conversation: string): string | undefined {
  return [...privateSessions, ...people].find(({ username }) => conversationWith(username) === conversation)?.username;
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
