import type { ViewState } from './view-state.ts';

/**
 * How many messages nobody has looked at: the number of the title, the badge and the tray alike (G5).
 * @param aside those of them that were said aside, which only the window knows of
 */
export function unreadCount({ conversations }: Pick<ViewState, 'conversations'>, aside: number): number {
  return conversations.reduce((sum, { unread }) => sum + unread, aside);
}
