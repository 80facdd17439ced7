import { Menu, nativeImage, Tray } from 'electron';
import type { TrayState } from '../host/windows/tray-state.ts';
import type { QuietFor } from '../shared/client-api/quiet.ts';
import { STRINGS } from './strings.ts';

/** What can be chosen there. */
export interface TrayActions {
  show(): void;
  quit(): void;
  lock(): void;
  /** @param length from now on; undefined: disturb again */
  quiet(length: QuietFor | undefined): void;
}

export interface AppTray {
  update(state: TrayState): void;
}

/** @returns the app's place beside the clock; undefined where the system has none */
export function openTray(icon: string, actions: TrayActions): AppTray | undefined {
  try {
    const tray = new Tray(nativeImage.createFromPath(icon));
    tray.on('click', () => actions.show());
    let shown = '';
    const update = (state: TrayState): void => {
      // Some systems close an open menu, or lose its place, each time that it is set.
      if (shown === JSON.stringify(state)) return;
      shown = JSON.stringify(state);
      const [first, ...more] = STRINGS.tray.lines(state);
      tray.setToolTip([`${STRINGS.name}: ${first}`, ...more].join('\n'));
      tray.setContextMenu(menuOf(state, actions));
    };
    update({ state: 'nobody', unread: 0 });
    return { update };
  } catch {
    return undefined;
  }
}

function menuOf(state: TrayState, { show, quit, quiet, lock }: TrayActions): Menu {
  const quietEntry =
    state.quietUntil === undefined
      ? { label: STRINGS.tray.quiet, click: () => quiet('hour') }
      : { label: STRINGS.tray.disturb(state.quietUntil), click: () => quiet(undefined) };
  return Menu.buildFromTemplate([
    ...STRINGS.tray.lines(state).map((label) => ({ label, enabled: false })),
    { type: 'separator' },
    { label: STRINGS.show, click: show },
    quietEntry,
    ...(state.lockable === true ? [{ label: STRINGS.tray.lock, click: lock }] : []),
    { type: 'separator' },
    { label: STRINGS.quit, click: quit },
  ]);
}
