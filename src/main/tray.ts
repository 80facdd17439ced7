import { Menu, nativeImage, Tray } from 'electron';
import { STRINGS } from './strings.ts';

export interface AppTray {
  setUnread(count: number): void;
}

/** @returns the app's place beside the clock; undefined where the system has none */
export function openTray(icon: string, show: () => void, quit: () => void): AppTray | undefined {
  try {
    const tray = new Tray(nativeImage.createFromPath(icon));
    tray.setToolTip(STRINGS.name);
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: STRINGS.show, click: show },
        { type: 'separator' },
        { label: STRINGS.quit, click: quit },
      ]),
    );
    tray.on('click', show);
    return { setUnread: (count) => tray.setToolTip(STRINGS.unread(count)) };
  } catch {
    return undefined;
  }
}
