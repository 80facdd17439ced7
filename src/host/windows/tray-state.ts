import type { ViewState } from '../../shared/client-api/view-state.ts';
import type { HostState } from '../../shared/client-api/host.ts';
import { quietOf } from '../../shared/client-api/quiet.ts';
import { unreadCount } from '../../shared/client-api/unread.ts';

/** State of the tray icon: account, connection, unread count (G5). */
export interface TrayState {
  readonly state: 'locked' | 'no-account' | 'signed-out' | 'connecting' | 'no-connection' | 'untrusted' | 'online';
  /** Absent for `locked` and `no-account`. */
  readonly username?: string;
  /** The vault is unlocked, so the menu offers to lock it. */
  readonly lockable?: true;
  readonly unread: number;
  /** End of do not disturb, milliseconds since 1970 UTC; absent: disturb. */
  readonly quietUntil?: number;
}

/**
 * @param now milliseconds since 1970 UTC
 * @param unreadPrivate unread private messages, which only the window counts
 */
export function trayStateOf(view: ViewState, hostState: HostState, now: number, unreadPrivate: number): TrayState {
  const { username, connection } = view;
  const quiet = quietOf(hostState.preferences, now);
  return {
    state: hostState.lock === 'locked' ? 'locked' : username === undefined ? 'no-account' : stateOf(connection),
    ...(username === undefined ? {} : { username }),
    unread: unreadCount(view, unreadPrivate),
    ...(hostState.lock === 'passphrase' && hostState.protecting === undefined ? { lockable: true } : {}),
    ...(quiet === undefined ? {} : { quietUntil: quiet.until }),
  };
}

function stateOf({ state }: ViewState['connection']): TrayState['state'] {
  switch (state) {
    case 'online':
    case 'untrusted':
      return state;
    case 'connecting':
    case 'signing-in':
      return 'connecting';
    case 'waiting-to-reconnect':
      return 'no-connection';
    case 'idle':
    case 'signed-out':
      return 'signed-out';
  }
}
