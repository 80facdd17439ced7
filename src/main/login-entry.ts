/** With this argument the app starts without showing its window. */
const HIDDEN = '--hidden';

/** Arguments for the start at login. @param dataFolder the app's own `--data`, if there is one */
export function loginArguments(dataFolder: string | undefined): readonly string[] {
  return dataFolder === undefined ? [HIDDEN] : [HIDDEN, '--data', dataFolder];
}

/** Quotes arguments for Windows' registry, which stores a command line. A path cannot contain quotes there. */
export function windowsArguments(args: readonly string[]): string[] {
  // Double backslashes before the closing quote, or they would escape it.
  return args.map((one) => (/[\s\\]/.test(one) ? `"${one.replace(/\\+$/, '$&$&')}"` : one));
}

/** Desktop entry that starts the app at login on Linux (XDG autostart). */
export function desktopEntry(program: string, args: readonly string[]): string {
  return `[Desktop Entry]\nType=Application\nName=Aside\n${execLine(program, args)}\nX-GNOME-Autostart-enabled=true\n`;
}

/** Updates the program's path in an entry; other lines stay, as the one that disables it. */
export function updatedEntry(entry: string, program: string, args: readonly string[]): string {
  return entry.replace(/^Exec=.*$/m, () => execLine(program, args));
}

function execLine(program: string, args: readonly string[]): string {
  return `Exec=${[program, ...args].map(quoted).join(' ')}`;
}

/** Quotes an argument (Desktop Entry Specification, "The Exec key"): escapes it as an argument, then as a value. */
function quoted(argument: string): string {
  const inside = argument.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return `"${inside.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}"`;
}
