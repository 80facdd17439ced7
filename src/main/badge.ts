import { app, type BrowserWindow, nativeImage } from 'electron';
import { desktopText } from '../shared/text/shell.ts';

/**
 * Shows the unread count at the app's icon (G5): a number on macOS, and on Linux if the desktop supports it; a dot on the
 * taskbar button on Windows, which has no numbers.
 * @param dot path of the dot's picture
 */
export function showUnread(window: BrowserWindow, dot: string, count: number): void {
  if (process.platform !== 'win32') app.setBadgeCount(count);
  else if (count === 0) window.setOverlayIcon(null, '');
  else window.setOverlayIcon(nativeImage.createFromPath(dot), desktopText.unread(count));
}
