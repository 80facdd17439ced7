import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildRenderer } from '../../scripts/build-renderer.mjs';
import { findElectron } from '../../scripts/start-app.mjs';
import { type AppBundle, bundleApp, DesktopApp, hasChromium } from '../support/electron-stand-in/launch.ts';
import { type RunningServer, startServer } from '../support/server-process.ts';

const button = (name: string): string => `role=button[name="${name}"]`;

describe.runIf(hasChromium)('the built main process, preload script and window together', () => {
  let bundle: AppBundle;
  let server: RunningServer;
  let uiFolder: string;
  beforeAll(async () => {
    uiFolder = mkdtempSync(join(tmpdir(), 'aside-window-'));
    [bundle, server] = await Promise.all([bundleApp(), startServer(), buildRenderer({ folder: uiFolder })]);
  }, 60_000);
  afterAll(async () => {
    await server.cleanUp();
    bundle.remove();
    rmSync(uiFolder, { recursive: true });
  });

  it('show the licences under a policy that lets a page fetch nothing (G10)', async () => {
    const dataFolder = join(mkdtempSync(join(tmpdir(), 'aside-desktop-')), 'data');
    onTestFinished(() => rmSync(join(dataFolder, '..'), { recursive: true }));
    const args = ['--server', `127.0.0.1:${server.port}`];
    const app = await DesktopApp.launch(bundle.main, { dataFolder, uiFolder, args });
    onTestFinished(() => app.kill());
    await app.ask('click', button('Connect'));
    await app.ask('click', button('It is the same'));
    await app.ask('fill', 'role=textbox[name="Username"]', 'carla');
    await app.ask('fill', 'input[type=password] >> nth=0', 'correct horse battery');
    await app.ask('fill', 'input[type=password] >> nth=1', 'correct horse battery');
    await app.ask('press', 'Enter');
    await app.ask('waitFor', 'role=navigation');

    // A part of the app that is loaded only here, under a policy that lets a page fetch nothing.
    await app.ask('press', 'Control+,');
    await app.ask('click', 'role=tab[name="About"]');
    await app.ask('click', button('Show the licences'));
    await app.ask('waitFor', 'summary >> text=markdown-it');
    expect(await app.evaluate('__violations')).toEqual([]);
  }, 60_000);
});

// The same in the real program needs its binary and a display, and neither is fetched by a test.
const electron = findElectron();
describe('Electron itself', () => {
  it.skipIf(electron === undefined)(
    `runs the built app${electron === undefined ? ' (skipped: no Electron binary)' : ''}`,
    async () => {
      const { _electron } = await import('playwright-core');
      const bundle = await bundleApp();
      onTestFinished(() => bundle.remove());
      const folder = mkdtempSync(join(tmpdir(), 'aside-electron-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      await buildRenderer({ folder: join(folder, 'ui') });
      const app = await _electron.launch({
        ...(electron === undefined ? {} : { executablePath: electron }),
        args: [bundle.main, '--data', join(folder, 'data'), '--ui', join(folder, 'ui')],
      });
      onTestFinished(() => app.close());
      const page = await app.firstWindow();
      await page.getByRole('button', { name: 'Connect' }).waitFor();
      expect(page.url()).toBe('app://aside/index.html');
      expect(await page.evaluate('typeof require + typeof process')).toBe('undefinedundefined');
    },
    60_000,
  );
});
