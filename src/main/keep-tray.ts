import type { AppHost } from '../host/app-host.ts';
import { onceATurn } from '../host/once-a-turn.ts';
import { trayStateOf, withQuiet } from '../host/tray-state.ts';
import { openTray } from './tray.ts';

/**
 * Puts the app beside the clock, and keeps it true from now on.
 * @returns whether the system has such a place
 */
export function keepTray(icon: string, host: AppHost, window: { show(): void; quit(): void }): boolean {
  const tray = openTray(icon, {
    ...window,
    lock: () => void host.runHost('host.lock', {}),
    quiet: (milliseconds) => {
      const until = milliseconds === undefined ? undefined : Date.now() + milliseconds;
      void host.runHost('host.writePreferences', withQuiet(host.stateFile.state.preferences, until));
    },
  });
  if (tray === undefined) return false;
  let timer: NodeJS.Timeout | undefined;
  const update = (): void => {
    const { view, facts } = host.read();
    const state = trayStateOf(view, facts, Date.now());
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
  return true;
}

const LONGEST_MS = 2_147_483_646;
const IRRELEVANT: ReadonlySet<string> = new Set(['typing.changed', 'presence.changed', 'private.typing']);
