import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { begin, setPassphrase, useDesktop } from '../support/electron-stand-in/desktop.ts';
import { describeOnStandIn } from '../support/electron-stand-in/launch.ts';
import { contents, PrivateUser } from '../support/private-users.ts';

const PASSPHRASE = 'battery staple';
const NO_SECRETS = { STAND_IN_SECRETS: 'basic_text' };

describeOnStandIn('Desktop app without a secret store of the system', () => {
  const desktop = useDesktop();

  it('offers a passphrase, encrypts with it, and asks for it at the next start (G1, G8)', async () => {
    const dataFolder = desktop.dataFolder();
    const app = await desktop.launch(dataFolder, NO_SECRETS);
    await begin(app, 'carla');
    await app.ask('waitFor', 'text=/To encrypt it, set a passphrase/ >> nth=0');
    await app.ask('click', 'role=navigation >> role=button[name=/^Everyone/]');
    await app.ask('fill', 'textarea', 'Geheimnisvoll');
    await app.ask('press', 'Enter');
    await app.ask('waitFor', 'role=article >> text=Geheimnisvoll');
    await expect.poll(() => contents(dataFolder).includes('Geheimnisvoll')).toBe(true);

    await setPassphrase(app, PASSPHRASE);
    expect(contents(join(dataFolder, `127.0.0.1_${desktop.server.port}`)).includes('Geheimnisvoll')).toBe(false);
    await app.ask('press', 'Escape');
    await app.ask('waitFor', 'role=article >> text=Geheimnisvoll');
    expect(await app.evaluate('__violations')).toEqual([]);
    await app.signal('SIGTERM');

    const again = await desktop.launch(dataFolder, NO_SECRETS);
    await again.ask('waitFor', 'text=Aside is locked');
    expect(await again.evaluate('document.body.textContent')).not.toContain('carla');
    await again.ask('fill', 'input', 'wrong horse');
    await again.ask('press', 'Enter');
    await again.ask('waitFor', 'text=The passphrase is wrong.');
    await again.ask('fill', 'input', PASSPHRASE);
    await again.ask('press', 'Enter');
    await again.ask('click', 'role=navigation >> role=button[name=/^Everyone/]');
    await again.ask('waitFor', 'role=article >> text=Geheimnisvoll');
    expect(await again.evaluate('__violations')).toEqual([]);
  });

  it('notifies while its window is hidden, also of the open conversation, and withdraws that (G5)', async () => {
    const app = await desktop.launch(desktop.dataFolder(), NO_SECRETS);
    await begin(app, 'dora');
    const bob = await PrivateUser.join('bob', desktop.server.port);
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
  });
});
