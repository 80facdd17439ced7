import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOptions } from '../../../src/main/options.ts';

describe('Command line of the desktop app', () => {
  it('resolves folders relative to the working directory; Electron needs absolute ones', () => {
    const { dataFolder, uiFolder } = readOptions(['--data', 'here', '--ui', '../ui'], false);
    expect(dataFolder).toBe(join(process.cwd(), 'here'));
    expect(uiFolder).toBe(join(process.cwd(), '..', 'ui'));
    expect(readOptions(['--data', '/far/away'], false).dataFolder).toBe('/far/away');
    expect(readOptions(['--data', '', '--no-sandbox', 'file'], false)).toEqual({
      dataFolder: undefined,
      uiFolder: undefined,
      server: undefined,
      hidden: false,
    });
  });

  it('ignores --ui in the installed app (G10)', () => {
    const options = readOptions(['--ui', '/tmp/other', '--data', '/far/away', '--hidden'], true);
    expect(options).toMatchObject({ uiFolder: undefined, dataFolder: '/far/away', hidden: true });
  });
});
