import type { ViewState } from '../../shared/client-api/view-state.ts';
import type { HostState } from '../../shared/client-api/host.ts';
import { quietOf } from '../../shared/client-api/quiet.ts';
import { unreadCount } from '../../shared/client-api/unread.ts';

/** What the app's place beside the clock shows (G5). */
export interface TrayState {
  readonly state: 'locked' | 'nobody' | 'signed-out' | 'connecting' | 'no-connection' | 'untrusted' | 'online';
  /** Whose it is; absent for `locked` and `nobody`. */
  readonly username?: string;
  /** There is a passphrase, and it is unlocked. */
  readonly lockable?: true;
  readonly unread: number;
  /** Do not disturb until then, milliseconds since 1970 UTC; absent: disturb. */
  readonly quietUntil?: number;
}

/**
 * @param now milliseconds since 1970 UTC
 * @param unreadAside what the window says of unread words aside
 */
export function trayStateOf(view: ViewState, facts: HostState, now: number, unreadAside: number): TrayState {
  const { username, connection } = view;
  const quiet = quietOf(facts.preferences, now);
  return {
    state: facts.lock === 'locked' ? 'locked' : username === undefined ? 'nobody' : stateOf(connection),
    ...(username === undefined ? {} : { username }),
    unread: unreadCount(view, unreadAside),
    ...(facts.lock === 'passphrase' && facts.protecting === undefined ? { lockable: true } : {}),
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
