import { describe, expect, it } from 'vitest';
import { desktopEntry, loginArguments, updatedEntry, windowsArguments } from '../../../src/main/login-entry.ts';

const execOf = (entry: string): string | undefined => /^Exec=(.*)$/m.exec(entry)?.[1];

describe('Start at login (G5)', () => {
  it('passes the data folder only if one was chosen', () => {
    expect(loginArguments(undefined)).toEqual(['--hidden']);
    expect(loginArguments('/srv/my data')).toEqual(['--hidden', '--data', '/srv/my data']);
  });

  it('quotes arguments for Windows, also with spaces and for the root of a disk', () => {
    expect(windowsArguments(['--hidden', '--data', 'C:\\My data'])).toEqual(['--hidden', '--data', '"C:\\My data"']);
    expect(windowsArguments(['D:\\'])).toEqual(['"D:\\\\"']);
  });

  it('uses a desktop entry on Linux, quoted by its specification', () => {
    const entry = desktopEntry('/opt/aside', loginArguments('/srv/my data'));
    expect(entry).toBe(
      '[Desktop Entry]\nType=Application\nName=Aside\nExec="/opt/aside" "--hidden" "--data" "/srv/my data"\n' +
        'X-GNOME-Autostart-enabled=true\n',
    );
    // A value is unescaped first, an argument in it then: a dollar has two backslashes, a backslash four.
    expect(execOf(desktopEntry('/a$b\\c"d`e%f\ng', []))).toBe('"/a\\\\$b\\\\\\\\c\\\\"d\\\\`e%%f\\ng"');
  });

  it('updates the path of the program, and keeps lines that the user has changed', () => {
    const old = `${desktopEntry('/opt/Aside-1.AppImage', ['--hidden'])}Hidden=true\n`;
    const mended = updatedEntry(old, '/opt/Aside-$&-2.AppImage', ['--hidden']);
    expect(execOf(mended)).toBe('"/opt/Aside-\\\\$&-2.AppImage" "--hidden"');
    expect(mended.replace(/^Exec=.*$/m, '')).toBe(old.replace(/^Exec=.*$/m, ''));
  });
});
