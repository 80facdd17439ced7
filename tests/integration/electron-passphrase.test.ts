import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { begin, button, setPassphrase, useDesktop } from '../support/electron-stand-in/desktop.ts';
import { type DesktopApp, hasChromium } from '../support/electron-stand-in/launch.ts';
import { contents } from '../support/private-people.ts';

const PASSPHRASE = 'battery staple';

describe.runIf(hasChromium)('a passphrase that is locked and taken away', () => {
  const desktop = useDesktop();

  /** Says something, and sets a passphrase. */
  async function protect(app: DesktopApp): Promise<void> {
    await app.ask('click', 'role=navigation >> role=button[name=/^Everyone/]');
    await app.ask('fill', 'textarea', 'Geheimnisvoll');
    await app.ask('press', 'Enter');
    await app.ask('waitFor', 'role=article >> text=Geheimnisvoll');
    await setPassphrase(app, PASSPHRASE);
    await app.ask('press', 'Escape');
  }

  async function takeAway(app: DesktopApp): Promise<void> {
    await app.ask('press', 'Control+,');
    await app.ask('click', 'role=tab[name="Account"]');
    await app.ask('click', button('Remove passphrase…'));
    await app.ask('fill', 'role=textbox[name="Passphrase"]', PASSPHRASE);
    await app.ask('click', button('Remove'));
  }

  const launch = (dataFolder: string, secrets = 'basic_text'): Promise<DesktopApp> =>
    desktop.launch(dataFolder, { STAND_IN_SECRETS: secrets });

  it('locks at once from the place beside the clock, goes on as it was, and is as before without it (G1, G8)', async () => {
    const dataFolder = desktop.dataFolder();
    const app = await launch(dataFolder);
    await begin(app, 'carla');
    await protect(app);
    expect(contents(dataFolder)).not.toContain('Geheimnisvoll');
    await app.ask('fill', 'textarea', 'Halbfertig');
    await app.ask('clickTray', 'Lock now');
    await app.ask('waitFor', 'text=Aside is locked');
    expect(await app.evaluate('document.body.textContent')).not.toContain('Halbfertig');
    await expect.poll(() => app.ask('trayLabels')).not.toContain('Lock now');
    expect(contents(dataFolder)).not.toContain('carla"');
    await app.ask('fill', 'input', PASSPHRASE);
    await app.ask('press', 'Enter');
    await app.ask('waitFor', 'role=article >> text=Geheimnisvoll');
    await app.ask('waitFor', 'textarea >> text=Halbfertig');
    await takeAway(app);
    await app.ask('waitFor', 'text=The passphrase is taken away.');
    await app.ask('press', 'Escape');
    await app.ask('waitFor', 'role=article >> text=Geheimnisvoll');
    expect(contents(dataFolder)).toContain('Geheimnisvoll');
    expect(readdirSync(dataFolder)).not.toContain('vault.json');
    expect(await app.evaluate('__violations')).toEqual([]);
  });

  it('leaves to the secret store what a passphrase has protected, where the system has one by then (G1, G8)', async () => {
    const dataFolder = desktop.dataFolder();
    const app = await launch(dataFolder);
    await begin(app, 'emil');
    await protect(app);
    await app.signal('SIGTERM');

    const later = await launch(dataFolder, 'gnome_libsecret');
    await later.ask('fill', 'input', PASSPHRASE);
    await later.ask('press', 'Enter');
    await later.ask('waitFor', 'role=navigation');
    await takeAway(later);
    await later.ask('waitFor', 'text=/The secret store of this computer protects/');
    expect(contents(dataFolder)).not.toContain('Geheimnisvoll');
    await later.signal('SIGTERM');

    const last = await launch(dataFolder, 'gnome_libsecret');
    await last.ask('click', 'role=navigation >> role=button[name=/^Everyone/]');
    await last.ask('waitFor', 'role=article >> text=Geheimnisvoll');
    // With the token of before: no password is asked for.
    await expect.poll(() => last.ask('trayLabels')).toContain('emil · Online');
  });
});
