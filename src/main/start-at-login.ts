import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { readPrivateFile, writePrivateFile } from '../node/private-files.ts';
import { desktopEntry, loginArguments, updatedEntry, windowsArguments } from './login-entry.ts';

/** Whether the system has started the app at login, and nobody asked for its window. Once the app is ready. */
export function startedAtLogin(): boolean {
  // Elsewhere the entry says it with an argument.
  return process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
}

/**
 * Starts the app, hidden, when the person signs in to the computer; or no longer. Only the installed app can. The system
 * is told when the wish changes and not at each start: what somebody has switched off in its own settings stays off.
 */
export class StartAtLogin {
  readonly #args: readonly string[];
  #wanted: boolean | undefined;

  /** @param dataFolder the one that the app was started with, if any; macOS starts it with its own at login */
  constructor(dataFolder: string | undefined) {
    this.#args = loginArguments(dataFolder);
  }

  /** Told at the start, and after every change of a setting. */
  apply(wanted: boolean): void {
    const before = this.#wanted;
    this.#wanted = wanted;
    if (!app.isPackaged || before === wanted) return;
    const starting = before === undefined;
    // At the start, at most an entry that is there is mended.
    if (starting && !wanted) return;
    if (process.platform === 'linux') this.#keepEntry(wanted, starting);
    else if (!starting) app.setLoginItemSettings({ openAtLogin: wanted, args: windowsArguments(this.#args) });
  }

  /** @param starting an entry that is there follows the program, such as an AppImage of another version */
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
      // The setting stays; switching it off and on tries again.
    }
  }
}
