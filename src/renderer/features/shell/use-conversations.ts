import { useMemo } from 'react';
import type { Conversation } from '../../../shared/client-api/view-state.ts';
import { allConversations } from '../../store/conversations.ts';
import { useAppState } from '../../ui/app-context.tsx';

/** All conversations as they are listed: the same array until one of them changes, and the same one until it does itself. */
export function useConversations(): readonly Conversation[] {
  const conversations = useAppState(({ view }) => view.conversations);
  const opened = useAppState((state) => state.opened);
  return useMemo(() => allConversations({ conversations }, opened), [conversations, opened]);
}
