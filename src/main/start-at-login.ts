import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { readPrivateFile, writePrivateFile } from '../node/private-files.ts';
import { desktopEntry, loginArguments, updatedEntry, windowsArguments } from './login-entry.ts';

/** Whether the system has started the app at login, so the window stays hidden. Call it after the app is ready. */
export function startedAtLogin(): boolean {
  // On other systems the entry has an argument for it.
  return process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
}

/**
 * Starts the installed app, hidden, when the user signs in to the computer. Changes the system's setting only when the
 * preference changes, not at each start: if the user has switched it off in the system's settings, it stays off.
 */
export class StartAtLogin {
  readonly #args: readonly string[];
  #wanted: boolean | undefined;

  /** @param dataFolder the app's `--data`, if there is one; macOS starts the app without arguments */
  constructor(dataFolder: string | undefined) {
    this.#args = loginArguments(dataFolder);
  }

  /** Applies the preference. Called at the start, and after every change of preferences. */
  apply(wanted: boolean): void {
    const before = this.#wanted;
    this.#wanted = wanted;
    if (!app.isPackaged || before === wanted) return;
    const starting = before === undefined;
    // At the start, only update an existing entry.
    if (starting && !wanted) return;
    if (process.platform === 'linux') this.#keepEntry(wanted, starting);
    else if (!starting) app.setLoginItemSettings({ openAtLogin: wanted, args: windowsArguments(this.#args) });
  }

  /** @param starting update the program's path in an existing entry, as for an AppImage of another version */
  #keepEntry(wanted: boolean, starting: boolean): void {
    const file = join(app.getPath('appData'), 'autostart', 'aside.desktop');
    const program = process.env.APPIMAGE ?? process.execPath;
    try {
      const before = starting ? readPrivateFile(file) : '';
      if (!wanted) rmSync(file, { force: true });
      else if (before !== undefined) {
        const entry = starting ? updatedEntry(before, program, this.#args) : desktopEntry(program, this.#args);
        if (entry !== before) writePrivateFile(file, entry);
      }
    } catch {
      // The preference stays; the user can switch it off and on again.
    }
  }
}
