import { useMemo } from 'react';
import type { RememberedAccount } from '../../../shared/client-api/host.ts';
import type { Conversation, Person } from '../../../shared/client-api/view-state.ts';
import { useAppState } from '../../ui/app-context.tsx';
import { useConversations } from '../shell/use-conversations.ts';
import { useAccounts } from '../start/accounts.ts';

/** The conversations, users and accounts that the palette lists. */
export interface Subjects {
  readonly conversations: readonly Conversation[];
  readonly people: readonly Person[];
  /** The user of the open conversation; undefined if that is *Everyone* or none is open. */
  readonly partner: string | undefined;
  readonly otherAccounts: readonly RememberedAccount[];
}

/** The subjects; the same object until one of them changes, so that other events don't render the palette again. */
export function useSubjects(): Subjects {
  const conversations = useConversations();
  const chosen = useAppState((state) => state.chosen);
  const people = useAppState(({ view }) => view.people);
  const { others } = useAccounts();
  return useMemo(() => {
    const partner = conversations.find(({ id }) => id === chosen)?.username;
    return { conversations, people, partner, otherAccounts: others };
  }, [conversations, chosen, people, others]);
}
