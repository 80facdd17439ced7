import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildRenderer } from '../../scripts/build-renderer.mjs';
import { type AppBundle, bundleApp, DesktopApp, hasChromium } from '../support/electron-stand-in/launch.ts';
import { contents, PrivatePerson } from '../support/private-people.ts';
import { type RunningServer, startServer } from '../support/server-process.ts';

const PASSPHRASE = 'battery staple';
const button = (name: string): string => `role=button[name="${name}"]`;

/** Somebody who has just begun, on a computer whose system keeps no secrets. */
async function begin(app: DesktopApp, username: string): Promise<void> {
  await app.ask('click', button('Connect'));
  await app.ask('click', button('It is the same'));
  await app.ask('fill', 'role=textbox[name="Username"]', username);
  await app.ask('fill', 'input[type=password] >> nth=0', 'correct horse battery');
  await app.ask('fill', 'input[type=password] >> nth=1', 'correct horse battery');
  await app.ask('press', 'Enter');
  await app.ask('waitFor', 'role=navigation');
}

describe.runIf(hasChromium)('the app where the system keeps no secrets', () => {
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

  async function launch(dataFolder: string): Promise<DesktopApp> {
    const args = ['--server', `127.0.0.1:${server.port}`];
    const env = { STAND_IN_SECRETS: 'basic_text' };
    const app = await DesktopApp.launch(bundle.main, { dataFolder, uiFolder, args, env });
    onTestFinished(() => app.kill());
    return app;
  }

  it('offers a passphrase, encrypts with it, and asks for it at the next start (G1, G8)', async () => {
    const dataFolder = join(mkdtempSync(join(tmpdir(), 'aside-desktop-')), 'data');
    onTestFinished(() => rmSync(join(dataFolder, '..'), { recursive: true }));
    const app = await launch(dataFolder);
    await begin(app, 'carla');
    await app.ask('waitFor', 'text=/A passphrase can do that/ >> nth=0');
    await app.ask('click', 'role=navigation >> role=button[name=/^Everyone/]');
    await app.ask('fill', 'textarea', 'Geheimnisvoll');
    await app.ask('press', 'Enter');
    await app.ask('waitFor', 'role=article >> text=Geheimnisvoll');
    expect(contents(dataFolder)).toContain('Geheimnisvoll');

    await app.ask('press', 'Control+,');
    await app.ask('click', 'role=tab[name="Account"]');
    await app.ask('fill', 'role=textbox[name="New passphrase"]', PASSPHRASE);
    await app.ask('fill', 'role=textbox[name="New passphrase once more"]', PASSPHRASE);
    await app.ask('click', 'text=I have written it down');
    await app.ask('click', button('Set passphrase'));
    await app.ask('waitFor', 'text=What is kept here is encrypted with your passphrase.');
    expect(contents(join(dataFolder, `127.0.0.1_${server.port}`))).not.toContain('Geheimnisvoll');
    await app.ask('press', 'Escape');
    await app.ask('waitFor', 'role=article >> text=Geheimnisvoll');
    expect(await app.evaluate('__violations')).toEqual([]);
    await app.signal('SIGTERM');

    const again = await launch(dataFolder);
    await again.ask('waitFor', 'text=Aside is locked');
    expect(await again.evaluate('document.body.textContent')).not.toContain('carla');
    await again.ask('fill', 'input', 'wrong horse');
    await again.ask('press', 'Enter');
    await again.ask('waitFor', 'text=That is not the passphrase.');
    await again.ask('fill', 'input', PASSPHRASE);
    await again.ask('press', 'Enter');
    await again.ask('click', 'role=navigation >> role=button[name=/^Everyone/]');
    await again.ask('waitFor', 'role=article >> text=Geheimnisvoll');
    expect(await again.evaluate('__violations')).toEqual([]);
  }, 90_000);

  it('notifies while its window is hidden, also of the conversation that was in sight, and takes that back (G5)', async () => {
    const dataFolder = join(mkdtempSync(join(tmpdir(), 'aside-desktop-')), 'data');
    onTestFinished(() => rmSync(join(dataFolder, '..'), { recursive: true }));
    const app = await launch(dataFolder);
    await begin(app, 'dora');
    const bob = await PrivatePerson.join('bob', server.port);
    onTestFinished(() => bob.remove());
    await bob.must('message.send', { to: 'dora', text: 'first' });
    await app.ask('click', 'role=navigation >> role=button[name=/^bob/]');
    await app.ask('waitFor', 'role=article >> text=first');
    const before = (await app.noted('notification.show')).length;

    await app.ask('closeWindow');
    await expect.poll(() => app.ask('focused')).toBe(false);
    await bob.must('message.send', { to: 'dora', text: 'second' });
    await expect
      .poll(async () => (await app.noted('notification.show')).slice(before))
      .toEqual([[expect.objectContaining({ title: 'bob', body: 'second' })]]);
    await expect.poll(() => app.ask('trayLabels')).toContain('1 unread message');

    const closed = (await app.noted('notification.close')).length;
    await app.ask('clickTray', 'Show Aside');
    await expect.poll(async () => (await app.noted('notification.close')).length).toBe(closed + 1);
    await expect.poll(() => app.ask('trayLabels')).not.toContain('1 unread message');
  }, 60_000);
});
