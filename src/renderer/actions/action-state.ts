import type { Preferences, RememberedAccount } from '../../shared/client-api/host.ts';
import type { PrivateConversation } from '../../shared/client-api/private-view.ts';
import type { Conversation, Person } from '../../shared/client-api/view-state.ts';
import { sameAccount } from '../features/start/server-address.ts';
import { allConversations } from '../store/conversations.ts';
import type { WindowState } from '../store/window-state.ts';

type PrivateSessionState = PrivateConversation['state']['state'];

/** The part of the window's state that decides which actions are possible. */
export interface ActionState {
  readonly conversations: readonly Conversation[];
  readonly people: readonly Person[];
  /** The other user of the chosen conversation; undefined if *Everyone* or no conversation is chosen. */
  readonly partner: string | undefined;
  /** The states of private sessions and requests, by username. */
  readonly privateSessions: ReadonlyMap<string, PrivateSessionState>;
  readonly blacklist: readonly string[];
  readonly preferences: Preferences;
  /** There is a passphrase, and the stored data is unlocked. */
  readonly lockable: boolean;
  readonly isDesktop: boolean;
  readonly otherAccounts: readonly RememberedAccount[];
}

type StateSource = Pick<WindowState, 'view' | 'hostState' | 'opened' | 'chosen'>;

/** Values that are equal, by identity, if the action state is: most events change none of them. */
export function actionStateParts({ view, hostState, opened, chosen }: StateSource) {
  return {
    conversations: view.conversations,
    people: view.people,
    // A username has no space.
    privateSessions: view.privateSessions.map(({ username, state }) => `${state.state} ${username}`).join('\n'),
    blacklist: view.blacklist,
    username: view.username,
    preferences: hostState.preferences,
    lock: hostState.lock,
    kind: hostState.kind,
    accounts: hostState.accounts,
    server: hostState.server,
    opened,
    chosen,
  };
}

type Parts = ReturnType<typeof actionStateParts>;

export function actionStateOf(parts: Parts): ActionState {
  const conversations = allConversations(parts, parts.opened);
  return {
    conversations,
    people: parts.people,
    partner: conversations.find(({ id }) => id === parts.chosen)?.username,
    privateSessions: new Map(parts.privateSessions.split('\n').filter(Boolean).map(readPrivateSession)),
    blacklist: parts.blacklist ?? [],
    preferences: parts.preferences,
    lockable: parts.lock === 'passphrase',
    isDesktop: parts.kind === 'desktop',
    otherAccounts: otherAccountsOf(parts),
  };
}

function readPrivateSession(text: string): [username: string, state: PrivateSessionState] {
  const [state, username = ''] = text.split(' ');
  return [username, state as PrivateSessionState];
}

function otherAccountsOf({ username, server, accounts = [] }: Parts): readonly RememberedAccount[] {
  if (username === undefined || server === undefined) return accounts;
  return accounts.filter((account) => !sameAccount(account, { server, username }));
}
