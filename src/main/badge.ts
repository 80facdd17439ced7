import { app, type BrowserWindow, nativeImage } from 'electron';
import { STRINGS } from './strings.ts';

/**
 * Shows at the app's icon that messages wait to be read (G5): their number on macOS and on Linux where the desktop can,
 * a dot over the taskbar's button on Windows, which has no numbers.
 * @param dot path of the picture for it
 */
export function showUnread(window: BrowserWindow, dot: string, count: number): void {
  if (process.platform !== 'win32') app.setBadgeCount(count);
  else if (count === 0) window.setOverlayIcon(null, '');
  else window.setOverlayIcon(nativeImage.createFromPath(dot), STRINGS.unread(count));
}
