import type { NumberedEvent } from '../../shared/client-api/contract.ts';
import { reduce } from '../../shared/client-api/reduce.ts';
import type { ViewState } from '../../shared/client-api/view-state.ts';
import { type AnnouncerState, initialAnnouncer } from './announcer.ts';
import { type ClientSnapshot, type ClientState, initialClient, isSameAccount, sessionSeenAfter } from './client.ts';
import { type ConversationsState, initialConversations } from './conversations.ts';
import { draftsOf, type DraftState, initialDrafts } from './drafts.ts';
import { initialOptimistic, optimisticMessagesAfter, type OptimisticState } from './optimistic-messages.ts';
import { initialOverlay, type OverlayState } from './overlay.ts';
import { initialPresence, presenceNotesAfter, type PresenceState } from './presence-notes.ts';
import {
  endedPrivateSessionsAfter,
  initialPrivateState,
  isActive,
  privateSessionOf,
  type PrivateState,
  privateStateAfter,
} from './private-sessions.ts';
import { initialSearch, searchAfter, type SearchState } from './search.ts';
import { initialThreads, threadsAfter, type ThreadState } from './threads.ts';
import { initialToasts, type ToastState } from './toasts.ts';
import { initialUnread, type UnreadState } from './unread.ts';

/** Everything that the window shows: one slice a topic. */
export type WindowState = ClientState &
  AnnouncerState &
  ConversationsState &
  DraftState &
  OptimisticState &
  OverlayState &
  PresenceState &
  PrivateState &
  SearchState &
  ThreadState &
  ToastState &
  UnreadState;

export function initialState(): WindowState {
  return {
    ...initialClient(),
    ...initialAnnouncer(),
    ...initialConversations(),
    ...initialDrafts(),
    ...initialOptimistic(),
    ...initialOverlay(),
    ...initialPresence(),
    ...initialPrivateState(),
    ...initialSearch(),
    ...initialThreads(),
    ...initialToasts(),
    ...initialUnread(),
  };
}

/** The state changes of an event of the client. */
export function stateAfterEvent(before: WindowState, event: NumberedEvent): Partial<WindowState> {
  const view = reduce(before.view, event);
  return {
    view,
    sessionSeen: sessionSeenAfter(before.sessionSeen, view),
    ...privateStateAfter(before, view, event),
    threads: threadsAfter(before.threads, event),
    optimisticMessages: optimisticMessagesAfter(before.optimisticMessages, event),
    presenceNotes: presenceNotesAfter(before.presenceNotes, event),
    search: searchAfter(before.search, event),
  };
}

/** The state changes of a new snapshot of client and host: after a lost link, or for another client. */
export function stateAfterReload(before: WindowState, { view, hostState }: ClientSnapshot): Partial<WindowState> {
  const same = isSameAccount(before, { view, hostState });
  const isLocked = hostState.lock === 'locked';
  const drafts = draftsOf(hostState);
  const ended = same && !isLocked ? endedPrivateSessionsAfter(before, view) : {};
  return {
    ...(same
      ? {}
      : {
          ...initialConversations(),
          ...initialPresence(),
          ...initialOptimistic(),
          ...initialSearch(),
          sendFailures: {},
        }),
    // Behind the lock screen nothing of the locked data stays open.
    ...(isLocked ? { overlay: undefined, privateNotes: {}, scrollTarget: undefined } : {}),
    phase: 'ready',
    view,
    hostState,
    endedPrivateSessions: ended,
    // A draft of this window is newer than the host's.
    drafts: same ? { ...drafts, ...before.drafts } : drafts,
    threads: {},
    unreadPrivate: same ? withPrivatePart(before.unreadPrivate, view, ended) : {},
    sessionSeen: sessionSeenAfter(same && before.sessionSeen, view),
  };
}

/** Only messages of active sessions, and of ended ones that are not closed, can be read. */
function withPrivatePart(
  unread: UnreadState['unreadPrivate'],
  view: ViewState,
  ended: WindowState['endedPrivateSessions'],
): UnreadState['unreadPrivate'] {
  return Object.fromEntries(
    Object.entries(unread).filter(
      ([conversation]) => conversation in ended || isActive(privateSessionOf(view, conversation)),
    ),
  );
}
