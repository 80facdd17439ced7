import { foldUsername } from '../../shared/client-api/fold-username.ts';
import { unreadCount } from '../../shared/client-api/unread.ts';
import type { Conversation, Message, ViewState } from '../../shared/client-api/view-state.ts';
import type { AppState } from './app-state.ts';

/** The conversation of broadcasts, as the client's core names it. */
export const EVERYONE = '#everyone';

/** The conversation with one person, as the client's core names it; a test holds the two together. */
export function conversationWith(username: string): string {
  return `@${foldUsername(username)}`;
}

const NOTHING_BROADCAST: Conversation = { id: EVERYONE, unread: 0 };

/** The conversations of the view, with *Everyone* always among them and the one that was only just opened. */
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

/** Whose conversation one would be with whom nothing was said yet: of those who are online, or ask to talk aside. */
export function nameAtHand({ people, privateSessions }: ViewState, conversation: string): string | undefined {
  return [...privateSessions, ...people].find(({ username }) => conversationWith(username) === conversation)?.username;
}

/** How many messages of a conversation are unread. */
export function unreadOf({ conversations }: ViewState, conversation: string): number {
  return conversations.find(({ id }) => id === conversation)?.unread ?? 0;
}

/** What nobody has looked at yet: all of it, and what of it was said aside. */
export function unreadTotal({ view, unreadPrivate }: Pick<AppState, 'view' | 'unreadPrivate'>): {
  readonly count: number;
  readonly privateCount: number;
} {
  const privateCount = Object.values(unreadPrivate).reduce((sum, count) => sum + count, 0);
  return { count: unreadCount(view, privateCount), privateCount };
}

/** Since when somebody has been online, in milliseconds since 1970 UTC; undefined: not online, as far as known. */
export function onlineSince(view: ViewState, username: string | undefined): number | undefined {
  return view.people.find((person) => person.username === username)?.since;
}

/** A sender that has no connection keeps these; the person can still change their mind (D8). */
export function canCancel({ status }: Message): boolean {
  return status.state === 'queued' && !status.attempted;
}
