import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findElectron } from '../../scripts/start-app.mjs';
import { begin, button, useDesktop } from '../support/electron-stand-in/desktop.ts';
import { bundleApp, describeOnStandIn } from '../support/electron-stand-in/launch.ts';
import { PrivateUser } from '../support/private-users.ts';
import { putPart } from '../support/built-part.ts';

describeOnStandIn('Built main process, preload script and window together', () => {
  const desktop = useDesktop();

  it('show the licences under a policy that allows no requests (G10)', async () => {
    const app = await desktop.launch(desktop.dataFolder());
    await begin(app, 'carla');

    // The licences are loaded lazily, under a policy that allows no requests.
    await app.ask('press', 'Control+,');
    await app.ask('click', 'role=tab[name="About"]');
    await app.ask('click', button('Show the licences'));
    await app.ask('waitFor', 'summary >> text=markdown-it');
    expect(await app.evaluate('__violations')).toEqual([]);
  });

  it('show the same unread count in title, badge and tray, with private messages (G5)', async () => {
    const app = await desktop.launch(desktop.dataFolder());
    await begin(app, 'olga');
    const boris = await PrivateUser.join('boris', desktop.server.port);
    onTestFinished(() => boris.remove());
    await boris.must('private.ask', { username: 'olga' });
    await app.ask('click', button('Accept'));
    await app.ask('waitFor', 'text=/^Private ·/');
    await app.ask('click', 'role=navigation >> role=button[name=/^Everyone/]');
    await boris.must('private.say', { username: 'olga', text: 'aside' });
    await boris.must('message.send', { to: 'olga', text: 'through the server' });

    await expect.poll(() => app.evaluate('document.title')).toBe('(2) Aside');
    await expect.poll(async () => (await app.noted('app.setBadgeCount')).at(-1)).toEqual([2]);
    await expect.poll(() => app.ask('trayLabels')).toContain('2 unread messages');
    await boris.must('private.end', { username: 'olga' });
    // The private message stays until it is read and the ended session is closed.
    await app.ask('click', 'role=navigation >> role=button[name=/^boris/]');
    await app.ask('waitFor', 'role=log >> text=aside');
    await expect.poll(() => app.evaluate('document.title')).toBe('(1) Aside');
    await expect.poll(() => app.ask('trayLabels')).toContain('1 unread message');
    expect((await app.noted('app.setBadgeCount')).at(-1)).toEqual([1]);
  });
});

// The stories report if there is no real Electron.
const electron = findElectron();
if (electron !== undefined) {
  describe('Electron itself', () => {
    it('runs the built app', async () => {
      const { _electron } = await import('playwright-core');
      const bundle = await bundleApp();
      onTestFinished(() => bundle.remove());
      const folder = mkdtempSync(join(tmpdir(), 'aside-electron-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      await putPart('renderer', join(folder, 'ui'));
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
