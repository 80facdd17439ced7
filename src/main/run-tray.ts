import type { AppHost } from '../host/app-host.ts';
import { runHostCommand } from '../host/host-commands.ts';
import { oncePerTick } from '../host/windows/once-per-tick.ts';
import { trayStateOf } from '../host/windows/tray-state.ts';
import { withQuiet } from '../shared/client-api/quiet.ts';
import { openTray } from './tray.ts';

/** The tray icon while the app runs. */
export interface RunningTray {
  /** Sets the number of unread private messages, which only the window counts. */
  unreadPrivate(count: number): void;
}

/**
 * Shows the tray icon and updates it.
 * @returns undefined if the system has no tray
 */
export function runTray(icon: string, host: AppHost, window: { show(): void; quit(): void }): RunningTray | undefined {
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
  let unreadPrivate = 0;
  const update = (): void => {
    const { view, hostState } = host.read();
    const state = trayStateOf(view, hostState, Date.now(), unreadPrivate);
    tray.update(state);
    clearTimeout(timer);
    // The end of do not disturb causes no event. A timer has a maximum; after it, update and set the timer again.
    const left = state.quietUntil === undefined ? undefined : Math.min(state.quietUntil - Date.now(), LONGEST_MS);
    timer = left === undefined ? undefined : setTimeout(update, left + 1).unref();
  };
  const updateSoon = oncePerTick(update);
  host.subscribe((output) => {
    // Skip the most frequent events, which the tray does not show.
    if ('event' in output && IRRELEVANT.has(output.event.name)) return;
    updateSoon();
  });
  update();
  return {
    unreadPrivate: (count) => {
      unreadPrivate = count;
      updateSoon();
    },
  };
}

const LONGEST_MS = 2_147_483_646;
const IRRELEVANT: ReadonlySet<string> = new Set(['typing.changed', 'presence.changed', 'private.typing']);
