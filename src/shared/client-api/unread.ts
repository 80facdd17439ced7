import type { ViewState } from './view-state.ts';

/**
 * Number of unread messages, for title, badge and tray (G5).
 * @param privateCount unread private messages, which only the window counts
 */
export function unreadCount({ conversations }: Pick<ViewState, 'conversations'>, privateCount: number): number {
  return conversations.reduce((sum, { unread }) => sum + unread, privateCount);
}
