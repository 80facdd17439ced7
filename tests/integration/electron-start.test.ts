import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { call, folders, useBareDesktop } from '../support/electron-stand-in/bare-desktop.ts';
import { DesktopApp, describeOnStandIn } from '../support/electron-stand-in/launch.ts';

const desktop = useBareDesktop();
const { launch, register } = desktop;
const DARK = { theme: 'dark', textSize: 'normal', notifications: true, detailsOpen: true } as const;

describeOnStandIn('the built main process, started and ended', () => {
  it('are one program at a time', async () => {
    const places = folders();
    const app = DesktopApp.start(desktop.bundle.main, { ...places, env: { STAND_IN_SECOND: '1' } });
    expect(await app.exited).toEqual({ code: 0, signal: null, output: '' });
    expect(readdirSync(places.dataFolder)).toEqual(['window']);
  });

  it('seal the token with the system, and come back with it after a start (G1, B4)', async () => {
    const places = folders();
    const first = await launch(places);
    const username = await register(first);
    await call(first, { host: 'host.writePreferences', params: { ...DARK } });
    expect(await first.ask('theme')).toBe('dark');
    expect(await first.signal('SIGTERM')).toMatchObject({ code: 0 });
    const names = readdirSync(places.dataFolder, { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => /token/.test(name))).toEqual([expect.stringMatching(/token\.sealed$/)]);
    const history = names.find((name) => name.endsWith('history.db'));
    const start = readFileSync(join(places.dataFolder, history ?? '')).subarray(0, 6);
    expect(start.toString('latin1')).not.toBe('SQLite');
    expect(names.some((name) => name.endsWith('history-key.sealed'))).toBe(true);
    for (const name of ['app.json', 'window.json']) {
      expect(statSync(join(places.dataFolder, name)).mode & 0o077).toBe(0);
    }

    const second = await launch(places);
    await expect
      .poll(async () => (await call(second, { read: 'all' })).view)
      .toMatchObject({ username, connection: { state: 'online' } });
    expect(await second.ask('theme')).toBe('dark');
    const [[options] = []] = await second.noted('BrowserWindow');
    expect(options).toMatchObject({ x: 10, y: 20 });
  });

  it('keep the token in a file for the owner where Linux has no real secret store', async () => {
    const places = folders();
    const app = await launch({ ...places, env: { STAND_IN_SECRETS: 'basic_text' } });
    await register(app);
    const names = readdirSync(places.dataFolder, { recursive: true, encoding: 'utf8' });
    const token = names.find((name) => name.endsWith('token'));
    expect(statSync(join(places.dataFolder, token ?? '')).mode & 0o077).toBe(0);
    expect(names.some((name) => name.endsWith('token.sealed'))).toBe(false);
  });

  it.each(['basic_text', 'none'])(
    'seal token and history with a passphrase where the system has only: %s (G1, G8)',
    async (backend) => {
      const places = folders();
      const env = { STAND_IN_SECRETS: backend };
      const first = await launch({ ...places, env });
      const username = await register(first);
      expect((await call(first, { read: 'all' })).facts).toMatchObject({ lock: 'none' });
      const set = await call(first, { host: 'host.setPassphrase', params: { passphrase: 'correct horse' } });
      expect(set.outcome).toMatchObject({ ok: true });
      const online = { username, connection: { state: 'online' } };
      await expect.poll(async () => (await call(first, { read: 'all' })).view).toMatchObject(online);
      expect(await first.signal('SIGTERM')).toMatchObject({ code: 0 });
      const names = readdirSync(places.dataFolder, { recursive: true, encoding: 'utf8' });
      const kept = names.flatMap((name) => /(?:token|history-key)[^/]*$/.exec(name)?.[0] ?? []);
      expect(kept.toSorted()).toEqual(['history-key.vault', 'token.vault']);

      const second = await launch({ ...places, env });
      expect(await call(second, { read: 'all' })).toMatchObject({ facts: { lock: 'locked', accounts: [] } });
      expect(await second.ask('trayLabels')).toContain('Locked');
      await call(second, { host: 'host.unlock', params: { passphrase: 'correct horse' } });
      await expect.poll(async () => (await call(second, { read: 'all' })).view).toMatchObject(online);
    },
  );

  it.each([
    ['sealed by the system', 'gnome_libsecret', 'token.sealed'],
    ['in a file for the owner', 'basic_text', 'token'],
    ['sealed with a passphrase', 'basic_text', 'token.vault'],
  ])('leave no token behind of an account that was forgotten: %s (G1, B6)', async (_how, backend, kept) => {
    const places = folders();
    const app = await launch({ ...places, env: { STAND_IN_SECRETS: backend } });
    await register(app);
    if (kept === 'token.vault') {
      const set = await call(app, { host: 'host.setPassphrase', params: { passphrase: 'correct horse' } });
      expect(set.outcome).toMatchObject({ ok: true });
    }
    const tokens = (): string[] =>
      readdirSync(places.dataFolder, { recursive: true, encoding: 'utf8' })
        .map((name) => basename(name))
        .filter((name) => name.startsWith('token'));
    await expect.poll(tokens).toEqual([kept]);
    const account = (await call(app, { read: 'all' })).facts?.accounts?.[0];
    expect((await call(app, { host: 'host.forgetAccount', params: account })).outcome).toMatchObject({ ok: true });
    expect(tokens()).toEqual([]);
    expect((await call(app, { read: 'all' })).facts?.accounts).toEqual([]);
  });

  it('offer no passphrase where the system keeps secrets, and count one that is there (G1)', async () => {
    const places = folders();
    const app = await launch(places);
    await register(app);
    expect((await call(app, { read: 'all' })).facts).toMatchObject({ lock: 'system' });
    const set = { host: 'host.setPassphrase', params: { passphrase: 'correct horse' } };
    expect((await call(app, set)).outcome).toMatchObject({ ok: false, failure: { reason: 'invalid-command' } });
    expect(readdirSync(places.dataFolder)).not.toContain('vault.json');

    const others = folders();
    const without = await launch({ ...others, env: { STAND_IN_SECRETS: 'basic_text' } });
    await register(without);
    expect((await call(without, set)).outcome).toMatchObject({ ok: true });
    await without.signal('SIGTERM');
    const again = await launch(others);
    expect((await call(again, { read: 'all' })).facts).toMatchObject({ lock: 'locked' });
  });

  it('start hidden at login', async () => {
    const app = await launch({ args: ['--hidden'] });
    expect(await app.ask('visible')).toBe(false);
    await app.ask('clickTray', '');
    expect(await app.ask('visible')).toBe(true);
  });

  it('say in one sentence why they cannot start', async () => {
    const places = folders();
    mkdirSync(places.dataFolder, { recursive: true });
    writeFileSync(join(places.dataFolder, 'app.json'), '{ not json');
    const app = DesktopApp.start(desktop.bundle.main, places);
    const { code, output } = await app.exited;
    expect(code).toBe(1);
    expect(output).toMatch(
      /^Aside: The file with the app's settings is damaged: .*app\.json\. Restore it, or delete it/,
    );
  });
});
