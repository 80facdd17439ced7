import type { ViewState } from '../shared/client-api/view-state.ts';
import type { HostFacts, Preferences } from '../shared/client-api/host.ts';

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

/** @param now milliseconds since 1970 UTC */
export function trayStateOf(view: ViewState, facts: HostFacts, now: number): TrayState {
  const { username, conversations, connection } = view;
  const { quietUntil = 0 } = facts.preferences;
  return {
    state: facts.lock === 'locked' ? 'locked' : username === undefined ? 'nobody' : stateOf(connection),
    ...(username === undefined ? {} : { username }),
    unread: conversations.reduce((sum, { unread }) => sum + unread, 0),
    ...(facts.lock === 'passphrase' && facts.protecting === undefined ? { lockable: true } : {}),
    ...(quietUntil > now ? { quietUntil } : {}),
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

/** @param until milliseconds since 1970 UTC; undefined: disturb */
export function withQuiet({ quietUntil: _before, ...others }: Preferences, until: number | undefined): Preferences {
  return until === undefined ? others : { ...others, quietUntil: until };
}
