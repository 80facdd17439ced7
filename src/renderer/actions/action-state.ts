import type { Preferences } from '../../shared/client-api/host.ts';
import type { PrivateConversation } from '../../shared/client-api/private-view.ts';
import type { ClientSnapshot } from '../store/client.ts';
import type { ConversationsState } from '../store/conversations.ts';

type PrivateSessionState = PrivateConversation['state']['state'];

/** The part of the window's state that decides which actions are possible. */
export interface ActionState {
  /** The states of private sessions and requests, by username. */
  readonly privateSessions: ReadonlyMap<string, PrivateSessionState>;
  readonly blacklist: readonly string[];
  readonly preferences: Preferences;
  /** There is a passphrase, and the stored data is unlocked. */
  readonly isLockable: boolean;
  readonly isDesktop: boolean;
  readonly isConversationOpen: boolean;
}

/** Values that are equal, by identity, if the action state is: most events change none of them. */
export function actionStateParts({ view, hostState, chosen }: ClientSnapshot & Pick<ConversationsState, 'chosen'>) {
  return {
    // A username has no space.
    privateSessions: view.privateSessions.map(({ username, state }) => `${state.state} ${username}`).join('\n'),
    blacklist: view.blacklist,
    preferences: hostState.preferences,
    lock: hostState.lock,
    kind: hostState.kind,
    isConversationOpen: chosen !== undefined,
  };
}

export function actionStateOf(parts: ReturnType<typeof actionStateParts>): ActionState {
  return {
    privateSessions: new Map(parts.privateSessions.split('\n').filter(Boolean).map(readPrivateSession)),
    blacklist: parts.blacklist ?? [],
    preferences: parts.preferences,
    isLockable: parts.lock === 'passphrase',
    isDesktop: parts.kind === 'desktop',
    isConversationOpen: parts.isConversationOpen,
  };
}

function readPrivateSession(text: string): [username: string, state: PrivateSessionState] {
  const [state, username = ''] = text.split(' ');
  return [username, state as PrivateSessionState];
}
