import { useMemo } from 'react';
import type { Conversation } from '../../../shared/client-api/view-state.ts';
import { allConversations } from '../../store/conversations.ts';
import { useAppState } from '../../ui/app-context.tsx';

/** All listed conversations; the array and its items keep their identity until they change. */
export function useConversations(): readonly Conversation[] {
  const conversations = useAppState(({ view }) => view.conversations);
  const opened = useAppState((state) => state.opened);
  return useMemo(() => allConversations({ conversations }, opened), [conversations, opened]);
}
