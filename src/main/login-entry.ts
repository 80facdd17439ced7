/** With this argument the app starts without showing its window. */
const HIDDEN = '--hidden';

/** What the app is started with at login. @param dataFolder the one that it was started with itself, if any */
export function loginArguments(dataFolder: string | undefined): readonly string[] {
  return dataFolder === undefined ? [HIDDEN] : [HIDDEN, '--data', dataFolder];
}

/** As Windows' registry wants them: each as it stands on a command line. A path has no quotes there. */
export function windowsArguments(args: readonly string[]): string[] {
  // A backslash before the closing quote would take it for a character.
  return args.map((one) => (/[\s\\]/.test(one) ? `"${one.replace(/\\+$/, '$&$&')}"` : one));
}

/** What starts the app at login on Linux (XDG autostart). */
export function desktopEntry(program: string, args: readonly string[]): string {
  return `[Desktop Entry]\nType=Application\nName=Aside\n${execLine(program, args)}\nX-GNOME-Autostart-enabled=true\n`;
}

/** The same entry with the program where it is now; whatever else stands in it, such as that it is off, stays. */
export function updatedEntry(entry: string, program: string, args: readonly string[]): string {
  return entry.replace(/^Exec=.*$/m, () => execLine(program, args));
}

function execLine(program: string, args: readonly string[]): string {
  return `Exec=${[program, ...args].map(quoted).join(' ')}`;
}

/** Desktop Entry Specification, "The Exec key": quoted, with what is special inside escaped, and then once more as a value. */
function quoted(argument: string): string {
  const inside = argument.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return `"${inside.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}"`;
}
