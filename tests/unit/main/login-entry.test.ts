import { describe, expect, it } from 'vitest';
import { desktopEntry, loginArguments, updatedEntry, windowsArguments } from '../../../src/main/login-entry.ts';

const execOf = (entry: string): string | undefined => /^Exec=(.*)$/m.exec(entry)?.[1];

describe('what starts the app at login (G5)', () => {
  it('names the data folder that was chosen, and none where none was', () => {
    expect(loginArguments(undefined)).toEqual(['--hidden']);
    expect(loginArguments('/srv/my data')).toEqual(['--hidden', '--data', '/srv/my data']);
  });

  it('is one argument each on the command line of Windows, with spaces and at the root of a disk too', () => {
    expect(windowsArguments(['--hidden', '--data', 'C:\\My data'])).toEqual(['--hidden', '--data', '"C:\\My data"']);
    expect(windowsArguments(['D:\\'])).toEqual(['"D:\\\\"']);
  });

  it('is a desktop entry on Linux, quoted as its specification says', () => {
    const entry = desktopEntry('/opt/aside', loginArguments('/srv/my data'));
    expect(entry).toBe(
      '[Desktop Entry]\nType=Application\nName=Aside\nExec="/opt/aside" "--hidden" "--data" "/srv/my data"\n' +
        'X-GNOME-Autostart-enabled=true\n',
    );
    // A value is unescaped first, an argument in it then: a dollar has two backslashes, a backslash four.
    expect(execOf(desktopEntry('/a$b\\c"d`e%f\ng', []))).toBe('"/a\\\\$b\\\\\\\\c\\\\"d\\\\`e%%f\\ng"');
  });

  it('follows the program, and leaves what somebody has set otherwise', () => {
    const old = `${desktopEntry('/opt/Aside-1.AppImage', ['--hidden'])}Hidden=true\n`;
    const mended = updatedEntry(old, '/opt/Aside-$&-2.AppImage', ['--hidden']);
    expect(execOf(mended)).toBe('"/opt/Aside-\\\\$&-2.AppImage" "--hidden"');
    expect(mended.replace(/^Exec=.*$/m, '')).toBe(old.replace(/^Exec=.*$/m, ''));
  });
});
