import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { begin, button, setPassphrase, useDesktop } from '../support/electron-stand-in/desktop.ts';
import { type DesktopApp, describeOnStandIn } from '../support/electron-stand-in/launch.ts';
import { contents } from '../support/private-users.ts';

const PASSPHRASE = 'battery staple';

describeOnStandIn('Passphrase of the desktop app', () => {
  const desktop = useDesktop();

  /** Sends a message, and sets a passphrase. */
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

  it('locks the app from the tray, restores it when unlocked, and leaves no trace when removed (G1, G8)', async () => {
    const dataFolder = desktop.dataFolder();
    const app = await launch(dataFolder);
    await begin(app, 'carla');
    await protect(app);
    expect(contents(dataFolder).includes('Geheimnisvoll')).toBe(false);
    await app.ask('fill', 'textarea', 'Halbfertig');
    await app.ask('clickTray', 'Lock now');
    await app.ask('waitFor', 'text=Aside is locked');
    expect(await app.evaluate('document.body.textContent')).not.toContain('Halbfertig');
    await expect.poll(() => app.ask('trayLabels')).not.toContain('Lock now');
    expect(contents(dataFolder).includes('carla"')).toBe(false);
    await app.ask('fill', 'input', PASSPHRASE);
    await app.ask('press', 'Enter');
    await app.ask('waitFor', 'role=article >> text=Geheimnisvoll');
    await app.ask('waitFor', 'textarea >> text=Halbfertig');
    await takeAway(app);
    await app.ask('waitFor', 'text=Passphrase removed.');
    await app.ask('press', 'Escape');
    await app.ask('waitFor', 'role=article >> text=Geheimnisvoll');
    await expect.poll(() => contents(dataFolder).includes('Geheimnisvoll')).toBe(true);
    expect(readdirSync(dataFolder)).not.toContain('vault.json');
    expect(await app.evaluate('__violations')).toEqual([]);
  });

  it('hands its files over to the secret store if the system has one when it is removed (G1, G8)', async () => {
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
    expect(contents(dataFolder).includes('Geheimnisvoll')).toBe(false);
    await later.signal('SIGTERM');

    const last = await launch(dataFolder, 'gnome_libsecret');
    await last.ask('click', 'role=navigation >> role=button[name=/^Everyone/]');
    await last.ask('waitFor', 'role=article >> text=Geheimnisvoll');
    // The stored token still signs in, without a password.
    await expect.poll(() => last.ask('trayLabels')).toContain('emil · Online');
  });
});
