import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { call, folders, useBareDesktop } from '../support/electron-stand-in/bare-desktop.ts';
import { DesktopApp, describeOnStandIn } from '../support/electron-stand-in/launch.ts';

const desktop = useBareDesktop();
const { launch, register } = desktop;
const DARK = { theme: 'dark', textSize: 'normal', notifications: true, detailsOpen: true } as const;

describeOnStandIn('Built main process, started and ended', () => {
  it('runs once at a time', async () => {
    const places = folders();
    const app = DesktopApp.start(desktop.bundle.main, { ...places, env: { STAND_IN_SECOND: '1' } });
    expect(await app.exited).toEqual({ code: 0, signal: null, output: '' });
    expect(readdirSync(places.dataFolder)).toEqual(['window']);
  });

  it('encrypts the token with the secret store, and signs in with it after a restart (G1, B4)', async () => {
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

  it('stores the token in a file for its owner if Linux has no real secret store', async () => {
    const places = folders();
    const app = await launch({ ...places, env: { STAND_IN_SECRETS: 'basic_text' } });
    await register(app);
    const names = readdirSync(places.dataFolder, { recursive: true, encoding: 'utf8' });
    const token = names.find((name) => name.endsWith('token'));
    expect(statSync(join(places.dataFolder, token ?? '')).mode & 0o077).toBe(0);
    expect(names.some((name) => name.endsWith('token.sealed'))).toBe(false);
  });

  it.each(['basic_text', 'none'])(
    'encrypts token and history with a passphrase if the system has only: %s (G1, G8)',
    async (backend) => {
      const places = folders();
      const env = { STAND_IN_SECRETS: backend };
      const first = await launch({ ...places, env });
      const username = await register(first);
      expect((await call(first, { read: 'all' })).hostState).toMatchObject({ lock: 'none' });
      const set = await call(first, { host: 'host.setPassphrase', params: { passphrase: 'correct horse' } });
      expect(set.outcome).toMatchObject({ ok: true });
      const online = { username, connection: { state: 'online' } };
      await expect.poll(async () => (await call(first, { read: 'all' })).view).toMatchObject(online);
      expect(await first.signal('SIGTERM')).toMatchObject({ code: 0 });
      const names = readdirSync(places.dataFolder, { recursive: true, encoding: 'utf8' });
      const kept = names.flatMap((name) => /(?:token|history-key)[^/]*$/.exec(name)?.[0] ?? []);
      expect(kept.toSorted()).toEqual(['history-key.vault', 'token.vault']);

      const second = await launch({ ...places, env });
      expect(await call(second, { read: 'all' })).toMatchObject({ hostState: { lock: 'locked', accounts: [] } });
      expect(await second.ask('trayLabels')).toContain('Locked');
      await call(second, { host: 'host.unlock', params: { passphrase: 'correct horse' } });
      await expect.poll(async () => (await call(second, { read: 'all' })).view).toMatchObject(online);
    },
  );

  it.each([
    ['encrypted by the system', 'gnome_libsecret', 'token.sealed'],
    ['in a file for the owner', 'basic_text', 'token'],
    ['encrypted with a passphrase', 'basic_text', 'token.vault'],
  ])('removes the token of a forgotten account: %s (G1, B6)', async (_how, backend, kept) => {
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
    const account = (await call(app, { read: 'all' })).hostState?.accounts?.[0];
    expect((await call(app, { host: 'host.forgetAccount', params: account })).outcome).toMatchObject({ ok: true });
    expect(tokens()).toEqual([]);
    expect((await call(app, { read: 'all' })).hostState?.accounts).toEqual([]);
  });

  it('offers no passphrase if the system has a secret store, and still uses an existing one (G1)', async () => {
    const places = folders();
    const app = await launch(places);
    await register(app);
    expect((await call(app, { read: 'all' })).hostState).toMatchObject({ lock: 'system' });
    const set = { host: 'host.setPassphrase', params: { passphrase: 'correct horse' } };
    expect((await call(app, set)).outcome).toMatchObject({ ok: false, failure: { reason: 'invalid-command' } });
    expect(readdirSync(places.dataFolder)).not.toContain('vault.json');

    const others = folders();
    const without = await launch({ ...others, env: { STAND_IN_SECRETS: 'basic_text' } });
    await register(without);
    expect((await call(without, set)).outcome).toMatchObject({ ok: true });
    await without.signal('SIGTERM');
    const again = await launch(others);
    expect((await call(again, { read: 'all' })).hostState).toMatchObject({ lock: 'locked' });
  });

  it('starts hidden at login', async () => {
    const app = await launch({ args: ['--hidden'] });
    expect(await app.ask('visible')).toBe(false);
    await app.ask('clickTray', '');
    expect(await app.ask('visible')).toBe(true);
  });

  it('reports in one sentence why it cannot start', async () => {
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
