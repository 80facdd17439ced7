import { describe, expect, it } from 'vitest';
import { trayStateOf } from '../../../src/host/windows/tray-state.ts';
import type { ConnectionState } from '../../../src/shared/client-api/connection-state.ts';
import { DEFAULT_PREFERENCES, type HostState } from '../../../src/shared/client-api/host.ts';
import { quietOf, withQuiet } from '../../../src/shared/client-api/quiet.ts';
import { emptyView } from '../../../src/shared/client-api/reduce.ts';

const hostState: HostState = {
  kind: 'desktop',
  version: '1',
  lock: 'system',
  preferences: DEFAULT_PREFERENCES,
  drafts: {},
};
const view = { ...emptyView(), username: 'kevin' };

describe('Tray (G5)', () => {
  it.each([
    [{ state: 'online' }, 'online'],
    [{ state: 'connecting' }, 'connecting'],
    [{ state: 'signing-in' }, 'connecting'],
    [{ state: 'waiting-to-reconnect', until: 1, problem: { kind: 'refused' } }, 'no-connection'],
    [{ state: 'idle' }, 'signed-out'],
    [{ state: 'signed-out', reason: 'by-you' }, 'signed-out'],
    [{ state: 'untrusted', expected: 'a', presented: 'b' }, 'untrusted'],
  ] as [ConnectionState, string][])('shows the account and the state of its connection: %o', (connection, state) => {
    expect(trayStateOf({ ...view, connection }, hostState, 0, 0)).toEqual({ state, username: 'kevin', unread: 0 });
  });

  it('shows that no account is signed in, and that the app is locked', () => {
    expect(trayStateOf(emptyView(), hostState, 0, 0)).toEqual({ state: 'no-account', unread: 0 });
    expect(trayStateOf(emptyView(), { ...hostState, lock: 'locked' }, 0, 0)).toEqual({ state: 'locked', unread: 0 });
  });

  it('counts unread messages of all conversations, and private ones', () => {
    const conversations = [
      { id: '@a', unread: 2 },
      { id: '@b', unread: 0 },
      { id: '#everyone', unread: 5 },
    ];
    expect(trayStateOf({ ...view, conversations }, hostState, 0, 0).unread).toBe(7);
    expect(trayStateOf({ ...view, conversations }, hostState, 0, 3).unread).toBe(10);
  });

  it('shows the end of do not disturb until then', () => {
    const quiet = { ...hostState, preferences: withQuiet(DEFAULT_PREFERENCES, 'hour', 1_000) };
    expect(trayStateOf(view, quiet, 3_600_999, 0).quietUntil).toBe(3_601_000);
    expect(trayStateOf(view, quiet, 3_601_000, 0)).not.toHaveProperty('quietUntil');
    // In its last hour, it is still the chosen length.
    const evening = withQuiet(DEFAULT_PREFERENCES, 'evening', 0);
    expect(quietOf(evening, 8 * 3_600_000 - 1)).toEqual({ for: 'evening', until: 8 * 3_600_000 });
    expect(withQuiet(quiet.preferences, undefined, 2_000)).toEqual(DEFAULT_PREFERENCES);
  });
});
