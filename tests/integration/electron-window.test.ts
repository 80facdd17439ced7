import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildRenderer } from '../../scripts/build-renderer.mjs';
import { findElectron } from '../../scripts/start-app.mjs';
import { begin, button, useDesktop } from '../support/electron-stand-in/desktop.ts';
import { bundleApp, hasChromium } from '../support/electron-stand-in/launch.ts';

describe.runIf(hasChromium)('the built main process, preload script and window together', () => {
  const desktop = useDesktop();

  it('show the licences under a policy that lets a page fetch nothing (G10)', async () => {
    const app = await desktop.launch(desktop.dataFolder());
    await begin(app, 'carla');

    // A part of the app that is loaded only here, under a policy that lets a page fetch nothing.
    await app.ask('press', 'Control+,');
    await app.ask('click', 'role=tab[name="About"]');
    await app.ask('click', button('Show the licences'));
    await app.ask('waitFor', 'summary >> text=markdown-it');
    expect(await app.evaluate('__violations')).toEqual([]);
  });
});

// The stories say where the real program was not to be had.
const electron = findElectron();
if (electron !== undefined) {
  describe('Electron itself', () => {
    it('runs the built app', async () => {
      const { _electron } = await import('playwright-core');
      const bundle = await bundleApp();
      onTestFinished(() => bundle.remove());
      const folder = mkdtempSync(join(tmpdir(), 'aside-electron-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      await buildRenderer({ folder: join(folder, 'ui') });
      const app = await _electron.launch({
        executablePath: electron,
        args: [bundle.main, '--data', join(folder, 'data'), '--ui', join(folder, 'ui')],
      });
      onTestFinished(() => app.close());
      const page = await app.firstWindow();
      await page.getByRole('button', { name: 'Connect' }).waitFor();
      expect(page.url()).toBe('app://aside/index.html');
      expect(await page.evaluate('typeof require + typeof process')).toBe('undefinedundefined');
    });
  });
}
