import { Menu, nativeImage, Tray } from 'electron';
import type { TrayState } from '../host/windows/tray-state.ts';
import type { QuietFor } from '../shared/client-api/quiet.ts';
import { desktopText } from '../shared/text/shell.ts';

/** Actions of the tray's menu. */
export interface TrayActions {
  show(): void;
  quit(): void;
  lock(): void;
  /** @param length of do not disturb, from now; undefined: end it */
  quiet(length: QuietFor | undefined): void;
}

export interface AppTray {
  update(state: TrayState): void;
}

/** @returns the tray icon; undefined if the system has no tray */
export function openTray(icon: string, actions: TrayActions): AppTray | undefined {
  try {
    const tray = new Tray(nativeImage.createFromPath(icon));
    tray.on('click', () => actions.show());
    let shown = '';
    const update = (state: TrayState): void => {
      // Set the menu after changes only: some systems close an open menu each time it is set.
      if (shown === JSON.stringify(state)) return;
      shown = JSON.stringify(state);
      const [first, ...more] = linesOf(state);
      tray.setToolTip([`${desktopText.name}: ${first}`, ...more].join('\n'));
      tray.setContextMenu(menuOf(state, actions));
    };
    update({ state: 'no-account', unread: 0 });
    return { update };
  } catch {
    return undefined;
  }
}

function menuOf(state: TrayState, { show, quit, quiet, lock }: TrayActions): Menu {
  const quietEntry =
    state.quietUntil === undefined
      ? { label: desktopText.tray.quiet, click: () => quiet('hour') }
      : { label: desktopText.tray.disturb(state.quietUntil), click: () => quiet(undefined) };
  return Menu.buildFromTemplate([
    ...linesOf(state).map((label) => ({ label, enabled: false })),
    { type: 'separator' },
    { label: desktopText.show, click: show },
    quietEntry,
    ...(state.lockable === true ? [{ label: desktopText.tray.lock, click: lock }] : []),
    { type: 'separator' },
    { label: desktopText.quit, click: quit },
  ]);
}

/** Account and connection state, then the unread count. */
function linesOf({ state, username, unread }: TrayState): readonly [string, ...string[]] {
  const text = desktopText.tray.states[state];
  const first = username === undefined ? text : `${username} · ${text}`;
  return unread === 0 ? [first] : [first, desktopText.unread(unread)];
}
