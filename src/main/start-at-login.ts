import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { writePrivateFile } from '../node/private-files.ts';

/** With this argument the app starts without showing its window. */
const HIDDEN = '--hidden';

/** Starts the app, hidden, when the person signs in to the computer; or no longer. Only the installed app can. */
export function startAtLogin(wanted: boolean): void {
  if (!app.isPackaged) return;
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: wanted, args: [HIDDEN] });
    return;
  }
  const file = join(app.getPath('appData'), 'autostart', 'aside.desktop');
  try {
    if (wanted) writePrivateFile(file, desktopEntry(process.env.APPIMAGE ?? process.execPath));
    else rmSync(file, { force: true });
  } catch {
    // The setting stays; the next start tries again.
  }
}

/** Desktop Entry Specification, "The Exec key": quoted, with what is special inside escaped. */
function desktopEntry(program: string): string {
  const quoted = program.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return `[Desktop Entry]\nType=Application\nName=Aside\nExec="${quoted}" ${HIDDEN}\nX-GNOME-Autostart-enabled=true\n`;
}
