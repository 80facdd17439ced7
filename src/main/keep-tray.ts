import type { AppHost } from '../host/app-host.ts';
import { runHostCommand } from '../host/host-commands.ts';
import { onceATurn } from '../host/windows/once-a-turn.ts';
import { trayStateOf } from '../host/windows/tray-state.ts';
import { withQuiet } from '../shared/client-api/quiet.ts';
import { openTray } from './tray.ts';

/** The app beside the clock. */
export interface KeptTray {
  /** The window says how many words said aside nobody has looked at. */
  unreadAside(count: number): void;
}

/**
 * Puts the app beside the clock, and keeps it true from now on.
 * @returns undefined where the system has no such place
 */
export function keepTray(icon: string, host: AppHost, window: { show(): void; quit(): void }): KeptTray | undefined {
  const tray = openTray(icon, {
    ...window,
    lock: () => void runHostCommand(host, 'host.lock', {}),
    quiet: (length) => {
      const { preferences } = host.stateFile.state;
      void runHostCommand(host, 'host.writePreferences', withQuiet(preferences, length, Date.now()));
    },
  });
  if (tray === undefined) return undefined;
  let timer: NodeJS.Timeout | undefined;
  let unreadAside = 0;
  const update = (): void => {
    const { view, facts } = host.read();
    const state = trayStateOf(view, facts, Date.now(), unreadAside);
    tray.update(state);
    clearTimeout(timer);
    // The end of the quiet time is no event. Longer ones than a timer can take are looked at again on the way.
    const left = state.quietUntil === undefined ? undefined : Math.min(state.quietUntil - Date.now(), LONGEST_MS);
    timer = left === undefined ? undefined : setTimeout(update, left + 1).unref();
  };
  const updateSoon = onceATurn(update);
  host.subscribe((told) => {
    // Somebody who writes or comes changes nothing here, and is the most frequent.
    if ('event' in told && IRRELEVANT.has(told.event.name)) return;
    updateSoon();
  });
  update();
  return {
    unreadAside: (count) => {
      unreadAside = count;
      updateSoon();
    },
  };
}

const LONGEST_MS = 2_147_483_646;
const IRRELEVANT: ReadonlySet<string> = new Set(['typing.changed', 'presence.changed', 'private.typing']);
