import type { Strings } from '../../shared/text/en.ts';
import type { Port } from '../port/client-port.ts';
import { Announcer } from './announcer.ts';
import { ClientActions } from './client.ts';
import { ClockWarning } from './clock-warning.ts';
import { ClipboardActions } from './clipboard.ts';
import { DraftActions } from './drafts.ts';
import { HostActions } from './host.ts';
import { NavigationActions } from './navigation.ts';
import { NotificationActions } from './notifications.ts';
import { OverlayActions } from './overlay.ts';
import { PreferenceActions } from './preferences.ts';
import { PrivateActions } from './private-actions.ts';
import { SearchActions } from './search.ts';
import { SendingActions } from './sending.ts';
import type { SliceStore } from './slice-store.ts';
import { ThreadActions } from './thread-actions.ts';
import { ToastActions } from './toasts.ts';
import { UnreadActions } from './unread.ts';
import type { WindowState } from './window-state.ts';

/** The actions of every slice, by topic. */
export interface Actions {
  readonly announcer: Announcer;
  readonly client: ClientActions;
  readonly clockWarning: ClockWarning;
  readonly clipboard: ClipboardActions;
  readonly drafts: DraftActions;
  readonly host: HostActions;
  readonly navigation: NavigationActions;
  readonly notifications: NotificationActions;
  readonly overlay: OverlayActions;
  readonly preferences: PreferenceActions;
  readonly privateSessions: PrivateActions;
  readonly search: SearchActions;
  readonly sending: SendingActions;
  readonly threads: ThreadActions;
  readonly toasts: ToastActions;
  readonly unread: UnreadActions;
}

export function createActions(store: SliceStore<WindowState>, port: Port, strings: Strings): Actions {
  const announcer = new Announcer(store);
  const toasts = new ToastActions(store, announcer, strings);
  const client = new ClientActions(store, port, toasts);
  const drafts = new DraftActions(store, port, announcer, strings);
  const threads = new ThreadActions(store, port, toasts);
  const unread = new UnreadActions(store, port);
  const notifications = new NotificationActions(store, port, (conversation) => navigation.choose(conversation));
  const privateSessions = new PrivateActions(store, strings, { client, announcer, toasts, notifications, unread });
  const navigation = new NavigationActions(store, strings, threads, privateSessions, toasts);
  return {
    announcer,
    client,
    clockWarning: new ClockWarning(toasts, strings),
    clipboard: new ClipboardActions(toasts, strings),
    drafts,
    host: new HostActions(port, drafts, toasts),
    navigation,
    notifications,
    overlay: new OverlayActions(store),
    preferences: new PreferenceActions(store, port),
    privateSessions,
    search: new SearchActions(store, port),
    sending: new SendingActions(store, port, drafts, toasts),
    threads,
    toasts,
    unread,
  };
}
