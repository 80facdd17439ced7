import { useMemo } from 'react';
import type { Conversation } from '../../../shared/client-api/view-state.ts';
import { allConversations, draftedConversations } from '../../store/conversations.ts';
import { useAppState } from '../../ui/app-context.tsx';

/** All listed conversations; the array and its items keep their identity until they change. */
export function useConversations(): readonly Conversation[] {
  const conversations = useAppState(({ view }) => view.conversations);
  const people = useAppState(({ view }) => view.people);
  const privateSessions = useAppState(({ view }) => view.privateSessions);
  const opened = useAppState((state) => state.opened);
  // One string, so that the list stays the same while the user types.
  const drafted = useAppState((state) => draftedConversations(state).join('\n'));
  return useMemo(() => {
    const ids = drafted === '' ? [] : drafted.split('\n');
    return allConversations({ conversations, people, privateSessions }, opened, ids);
  }, [conversations, people, privateSessions, opened, drafted]);
}
