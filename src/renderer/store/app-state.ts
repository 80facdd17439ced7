import type { Failure } from '../../shared/client-api/failure.ts';
import { DEFAULT_PREFERENCES, type HostState, type RememberedAccount } from '../../shared/client-api/host.ts';
import type { PrivateEnding, PrivateConversation } from '../../shared/client-api/private-view.ts';
import { emptyView } from '../../shared/client-api/reduce.ts';
import type { Message, ViewState } from '../../shared/client-api/view-state.ts';
import type { LinkState } from '../port/client-port.ts';
import type { OptimisticMessages } from './optimistic-messages.ts';
import type { PresenceNotes, Threads } from './threads.ts';

/** What lies over the conversation; one at a time. */
export type Overlay =
  | { readonly kind: 'palette' }
  | { readonly kind: 'settings'; readonly page: SettingsPage }
  | { readonly kind: 'look-back' }
  | { readonly kind: 'sign-in-again' }
  | { readonly kind: 'sign-out' }
  /** Without an account: one that is not remembered. */
  | { readonly kind: 'switch-account'; readonly account?: RememberedAccount | undefined }
  | { readonly kind: 'forget-account'; readonly account: RememberedAccount }
  /** Without a conversation: all of them. */
  | { readonly kind: 'delete-history'; readonly conversation?: string | undefined }
  | { readonly kind: 'block'; readonly username: string }
  | { readonly kind: 'ask-aside'; readonly username: string }
  | { readonly kind: 'safety-number'; readonly username: string }
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'delete-message'; readonly message: Message };

export const SETTINGS_PAGES = [
  'appearance',
  'notifications',
  'aside',
  'blocked',
  'history',
  'account',
  'keyboard',
  'about',
] as const;
export type SettingsPage = (typeof SETTINGS_PAGES)[number];

/** The end of a private session, or a warning. */
export interface PrivateNote {
  readonly kind: 'ended' | 'warning';
  readonly text: string;
  readonly loud: boolean;
}

/** A private session that was in sight when it ended, until somebody has seen that. Nothing that was said is in it (F7). */
export interface EndedPrivateSession {
  readonly conversation: string;
  readonly session: PrivateConversation;
  /** Undefined: it went with the host. */
  readonly ending: PrivateEnding | undefined;
}

/** Something that is said once, in a corner and to screen readers. */
export interface Toast {
  readonly key: number;
  readonly text: string;
  readonly tone: 'plain' | 'bad';
}

/** A place that is to be brought into sight; the number makes the same place new. */
export interface ScrollTarget {
  readonly conversation: string;
  /** The position of a message, or the end of the conversation. */
  readonly place: number | 'end';
  /** What was looked for, to be marked in the message; undefined where it is the first of the unread ones. */
  readonly words: string | undefined;
  readonly key: number;
}

/** Looking for words in the history, in one conversation or in all (G2). */
export interface Search {
  readonly text: string;
  readonly conversation: string | undefined;
  /** Found so far, the newest first. */
  readonly messages: readonly Message[];
  readonly phase: 'looking' | 'done';
  /** There may be more before this position. */
  readonly next: number | undefined;
  readonly failure: Failure | undefined;
  /** Rises each time that somebody wants to look for something. */
  readonly asked: number;
}

/** Everything that the window shows: the client's view, and what belongs to this window alone. */
export interface AppState {
  readonly phase: 'loading' | 'ready';
  readonly link: LinkState;
  readonly view: ViewState;
  readonly hostState: HostState;
  readonly threads: Threads;
  readonly optimisticMessages: OptimisticMessages;
  readonly notes: PresenceNotes;
  /** Unfinished texts by conversation. */
  readonly drafts: Readonly<Record<string, string>>;
  /** Failed broadcasts and the like, by conversation: shown at the text they are about. */
  readonly sendFailures: Readonly<Record<string, Failure>>;
  /** What has to be said of talking aside with somebody, by conversation, until it is dismissed. */
  readonly privateNotes: Readonly<Record<string, PrivateNote>>;
  /** What was said aside and not looked at yet, as a number by conversation. */
  readonly unreadPrivate: Readonly<Record<string, number>>;
  /** Of a conversation that also goes on aside, the ordinary part is in sight. */
  readonly besideAside: boolean;
  readonly endedPrivateSession: EndedPrivateSession | undefined;
  /** The conversation in sight. */
  readonly chosen: string | undefined;
  /** Somebody chosen with whom nothing was said yet. */
  readonly opened: string | undefined;
  /** Unread messages there were when the conversation was opened: where the line "new" is drawn. */
  readonly newSince: number | undefined;
  /** The end of the conversation is in sight. */
  readonly atEnd: boolean;
  readonly scrollTarget: ScrollTarget | undefined;
  /** Undefined: nobody is looking for anything. */
  readonly search: Search | undefined;
  readonly overlay: Overlay | undefined;
  /** What stands beside the conversation is a drawer over it, where the window is narrow. */
  readonly drawerOpen: boolean;
  readonly toasts: readonly Toast[];
  /** What screen readers are told; the number makes the same words new. */
  readonly announcement: { readonly text: string; readonly key: number };
  /** This account was in sight since the window opened: being signed out then is no reason to show the start. */
  readonly sessionSeen: boolean;
  /** The start screen is signing somebody in, and stays until that has succeeded. */
  readonly signingIn: boolean;
}

export function initialState(): AppState {
  return {
    phase: 'loading',
    link: 'connected',
    view: emptyView(),
    hostState: { kind: 'browser', version: '', lock: 'none', preferences: DEFAULT_PREFERENCES, drafts: {} },
    threads: {},
    optimisticMessages: [],
    notes: {},
    drafts: {},
    sendFailures: {},
    privateNotes: {},
    unreadPrivate: {},
    besideAside: false,
    endedPrivateSession: undefined,
    chosen: undefined,
    opened: undefined,
    newSince: undefined,
    atEnd: true,
    scrollTarget: undefined,
    search: undefined,
    overlay: undefined,
    drawerOpen: false,
    toasts: [],
    announcement: { text: '', key: 0 },
    sessionSeen: false,
    signingIn: false,
  };
}

/**
 * Whether what an account has said stays in sight without a connection. Not after somebody has left on purpose: who then
 * mistypes the password is still at the start.
 * @param before whether it did until now
 */
export function staysInSight(before: boolean, { connection, conversations }: ViewState): boolean {
  switch (connection.state) {
    case 'online':
      return true;
    case 'signed-out':
      if (connection.reason === 'by-you' || connection.reason === 'account-deleted') return false;
      return before || conversations.length > 0;
    case 'idle':
    case 'connecting':
    case 'signing-in':
    case 'waiting-to-reconnect':
    case 'untrusted':
      return before;
  }
}

export type Screen = 'loading' | 'protecting' | 'locked' | 'start' | 'untrusted' | 'main';

/** Which of the whole-window screens there is. History stays in sight while its owner is only offline (G7). */
export function screenOf({ phase, hostState, view, signingIn, sessionSeen }: AppState): Screen {
  const { connection, username, conversations } = view;
  if (phase === 'loading') return 'loading';
  if (hostState.protecting !== undefined) return 'protecting';
  if (hostState.lock === 'locked') return 'locked';
  if (signingIn) return 'start';
  switch (connection.state) {
    case 'untrusted':
      return 'untrusted';
    case 'online':
    case 'connecting':
    case 'signing-in':
    case 'waiting-to-reconnect':
      return username === undefined ? 'start' : 'main';
    case 'idle':
      return sessionSeen ? 'main' : 'start';
    case 'signed-out':
      if (connection.reason === 'by-you' || connection.reason === 'account-deleted') return 'start';
      return sessionSeen || conversations.length > 0 ? 'main' : 'start';
  }
}
