import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Preferences, RememberedAccount } from '../../../shared/client-api/host.ts';
import type { PrivateConversation } from '../../../shared/client-api/private-view.ts';
import type { Conversation, Person } from '../../../shared/client-api/view-state.ts';
import { allConversations } from '../../store/conversations.ts';
import { useAppState } from '../../ui/app-context.tsx';
import { useAccounts } from '../start/accounts.ts';

/** What the palette's items are made of. */
export interface World {
  readonly conversations: readonly Conversation[];
  readonly people: readonly Person[];
  /** With whom the conversation in sight is; undefined: with everyone, or there is none. */
  readonly partner: string | undefined;
  /** Who is talked with aside, or about to be, and how far that is. */
  readonly aside: ReadonlyMap<string, PrivateConversation['state']['state']>;
  readonly blacklist: readonly string[];
  readonly preferences: Preferences;
  /** There is a passphrase, and it is unlocked. */
  readonly lockable: boolean;
  /** The app runs in a window of its own. */
  readonly desktop: boolean;
  readonly otherAccounts: readonly RememberedAccount[];
}

/** Whatever else happens in the app, the palette stays as it is. */
export function useWorld(): World {
  const known = useAppState(({ view }) => view.conversations);
  const opened = useAppState((state) => state.opened);
  const chosen = useAppState((state) => state.chosen);
  const people = useAppState(({ view }) => view.people);
  const talks = useAppState(
    useShallow(({ view }) => view.privateSessions.map(({ username, state }) => `${state.state} ${username}`)),
  );
  const blacklist = useAppState(({ view }) => view.blacklist);
  const preferences = useAppState(({ hostState }) => hostState.preferences);
  const lockable = useAppState(({ hostState }) => hostState.lock === 'passphrase');
  const desktop = useAppState(({ hostState }) => hostState.kind === 'desktop');
  const { others } = useAccounts();
  return useMemo(() => {
    const conversations = allConversations({ conversations: known }, opened);
    const partner = conversations.find(({ id }) => id === chosen)?.username;
    return {
      conversations,
      people,
      partner,
      aside: new Map(talks.map(readTalk)),
      blacklist: blacklist ?? [],
      preferences,
      lockable,
      desktop,
      otherAccounts: others,
    };
  }, [known, opened, chosen, people, talks, blacklist, preferences, lockable, desktop, others]);
}

/** Strings are the same where they say the same, and a list of them is, too. A name has no space. */
function readTalk(talk: string): [username: string, state: PrivateConversation['state']['state']] {
  const [state, username = ''] = talk.split(' ');
  return [username, state as PrivateConversation['state']['state']];
}
