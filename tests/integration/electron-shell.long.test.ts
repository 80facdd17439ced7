import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { DEFAULT_PREFERENCES, type Preferences } from '../../src/shared/client-api/host.ts';
import { callHost, writeBarePage } from '../support/electron-stand-in/bare-page.ts';
import { type AppBundle, bundleApp, DesktopApp, describeOnStandIn } from '../support/electron-stand-in/launch.ts';

const PACKAGED = { STAND_IN_PACKAGED: '1' };

let bundle: AppBundle;
let pages: string;
beforeAll(async () => {
  bundle = await bundleApp();
  pages = mkdtempSync(join(tmpdir(), 'aside-pages-'));
  writeBarePage(join(pages, 'bare'));
  // The packaged window is next to the main process.
  writeBarePage(join(dirname(dirname(bundle.main)), 'renderer'), 'packaged');
});
afterAll(() => {
  bundle.remove();
  rmSync(pages, { recursive: true });
});

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'aside-desktop-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface Start {
  readonly dataFolder?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the app without waiting for its window. */
function start({ dataFolder = join(freshFolder(), 'data'), args = [], env = {} }: Start = {}): DesktopApp {
  const app = DesktopApp.start(bundle.main, { dataFolder, uiFolder: join(pages, 'bare'), args, env });
  onTestFinished(() => app.kill());
  return app;
}

async function launch({ dataFolder = join(freshFolder(), 'data'), args = [], env = {} }: Start = {}) {
  const app = await DesktopApp.launch(bundle.main, { dataFolder, uiFolder: join(pages, 'bare'), args, env });
  onTestFinished(() => app.kill());
  return app;
}

async function prefer(app: DesktopApp, preferences: Partial<Preferences>): Promise<void> {
  const params = { ...DEFAULT_PREFERENCES, ...preferences };
  expect((await callHost(app, { host: 'host.writePreferences', params })).outcome).toEqual({ ok: true, result: {} });
}

const notify = (app: DesktopApp, params: object) =>
  callHost(app, { host: 'host.notify', params: { conversation: '@bob', title: 'bob', ...params } });

describeOnStandIn('Notifications of the desktop app (G5)', () => {
  it('are plain text, and one of a message does not replace an unanswered request (F1)', async () => {
    const app = await launch({ env: { STAND_IN_PLATFORM: 'linux' } });
    const actions = [{ label: 'Accept', command: 'private.answer', params: { username: 'bob', accept: true } }];
    await notify(app, { body: 'bob wants to talk aside.', actions });
    await notify(app, { body: '<b>1</b> & 2' });
    expect(await app.noted('notification.close')).toEqual([]);
    await notify(app, { body: '3' });
    const closed = (await app.noted('notification.close')).map(([shown]) => shown);
    expect(closed).toEqual([expect.objectContaining({ body: '&lt;b&gt;1&lt;/b&gt; &amp; 2' })]);
    await notify(app, { body: 'bob wants to talk aside again.', actions });
    const [, second] = (await app.noted('notification.close')).map(([shown]) => shown);
    expect(second).toMatchObject({ body: 'bob wants to talk aside.' });
  });

  it('can be withdrawn on Windows after they have left the screen, unless the user has removed them', async () => {
    const app = await launch({ env: { STAND_IN_PLATFORM: 'win32' } });
    await notify(app, { body: 'one & two' });
    await app.ask('closeNotification', 0, 'timedOut');
    await notify(app, { body: 'three' });
    const closed = (await app.noted('notification.close')).map(([shown]) => shown);
    expect(closed).toEqual([expect.objectContaining({ body: 'one & two' })]);
    await app.ask('closeNotification', 1, 'userCanceled');
    await notify(app, { body: 'four' });
    expect(await app.noted('notification.close')).toHaveLength(1);
  });
});

describeOnStandIn('Installed desktop app (G10)', () => {
  it('shows its own page only, also with --ui', async () => {
    expect(await (await launch()).evaluate('document.title')).toBe('bare');
    expect(await (await launch({ env: PACKAGED })).evaluate('document.title')).toBe('packaged');
  });

  it.each(['--remote-debugging-port=0', '--remote-debugging-port', '--remote-debugging-pipe'])(
    'does not start where another program could control its window: %s',
    async (argument) => {
      const folder = freshFolder();
      const app = start({ dataFolder: join(folder, 'data'), args: [argument], env: PACKAGED });
      const { code, output } = await app.exited;
      expect(code).toBe(1);
      expect(output).toMatch(/^Aside: Aside does not start with remote debugging. Start it without --remote-/);
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it('allows remote debugging in development', async () => {
    const app = await launch({ args: ['--remote-debugging-port=0'] });
    expect(await app.ask('visible')).toBe(true);
  });
});

describeOnStandIn('Data folder of the desktop app', () => {
  it('can be relative to the working directory', async () => {
    const folder = join(freshFolder(), 'data');
    const app = await launch({ args: ['--data', relative(process.cwd(), folder)] });
    expect(await app.noted('app.setPath')).toEqual([['userData', join(folder, 'window')]]);
    expect(existsSync(join(folder, 'window'))).toBe(true);
  });

  it('is named in the error if it cannot be created', async () => {
    const file = join(freshFolder(), 'file');
    writeFileSync(file, '');
    const { code, output } = await start({ dataFolder: join(file, 'data') }).exited;
    expect(code).toBe(1);
    expect(output).toBe(
      `Aside: The data folder of Aside cannot be used or created: ${join(file, 'data')}. Check free space and permissions, or choose another folder with --data.\n`,
    );
  });

  it('is not opened if the secret store of the system fails, and the user sees why (G1)', async () => {
    const app = await launch({ args: ['--server', '127.0.0.1:1'], env: { STAND_IN_SECRETS: 'gnome_locked' } });
    const params = { username: 'carla', password: 'correct horse battery' };
    const { outcome } = await callHost(app, { command: 'session.register', params });
    const message = expect.stringMatching(/^The secret store of this system takes nothing from Aside\./) as string;
    expect(outcome).toMatchObject({ ok: false, failure: { reason: 'storage-here', message } });
    expect((await callHost(app, { read: 'all' })).hostState).toMatchObject({ problem: { message } });
  });
});

describeOnStandIn('Window of the desktop app (G5)', () => {
  it('stays hidden at login if it was maximised, and is maximised when it is shown', async () => {
    const dataFolder = join(freshFolder(), 'data');
    await mkdir(dataFolder);
    const file = join(dataFolder, 'window.json');
    writeFileSync(file, JSON.stringify({ x: 1, y: 2, width: 900, height: 700, maximized: true }));
    const hidden = { dataFolder, args: ['--hidden'] };
    const first = await launch(hidden);
    expect(await first.ask('visible')).toBe(false);
    await first.signal('SIGTERM');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ width: 900, maximized: true });
    const second = await launch(hidden);
    expect(await second.ask('visible')).toBe(false);
    await second.ask('clickTray', '');
    expect(await second.ask('visible')).toBe(true);
    await second.ask('closeWindow');
    await second.ask('clickTray', '');
    expect(await second.noted('window.maximize')).toHaveLength(1);
  });

  it('leaves full screen on macOS before it is hidden', async () => {
    const app = await launch({ env: { STAND_IN_PLATFORM: 'darwin' } });
    await app.ask('enterFullScreen');
    await app.ask('closeWindow');
    await expect.poll(() => app.ask('visible')).toBe(false);
    expect(await app.noted('window.setFullScreen')).toEqual([[false]]);
    expect(await app.noted('window.hide')).toEqual([[]]);
  });

  it('asks the user after repeated crashes of the page, and reloads it or quits', async () => {
    const app = await launch();
    const crashes = async (times: number) => {
      for (let n = 0; n < times; n++) await app.ask('crash');
    };
    await crashes(4);
    expect(await app.noted('webContents.reload')).toHaveLength(3);
    expect(await app.noted('dialog.showMessageBox')).toEqual([
      [expect.objectContaining({ buttons: ['Reload', 'Quit Aside'], defaultId: 0, cancelId: 0 })],
    ]);
    await app.ask('answerBox', 0);
    await expect.poll(() => app.noted('webContents.reload')).toHaveLength(4);
    await crashes(4);
    await app.ask('answerBox', 1).catch(() => undefined);
    expect(await app.exited).toMatchObject({ code: 0 });
  });

  it('reloads its page when it is shown, if the page has crashed repeatedly while hidden', async () => {
    const app = await launch({ args: ['--hidden'] });
    for (let n = 0; n < 4; n++) await app.ask('crash');
    expect(await app.noted('dialog.showMessageBox')).toEqual([]);
    await app.ask('clickTray', '');
    expect(await app.noted('webContents.reload')).toHaveLength(4);
    await app.ask('closeWindow');
    await app.ask('clickTray', '');
    expect(await app.noted('webContents.reload')).toHaveLength(4);
  });
});

describeOnStandIn('Quitting the desktop app from its window (G5)', () => {
  it('is possible, also while it is locked', async () => {
    const app = await launch();
    await callHost(app, { host: 'host.quit', params: {} }).catch(() => undefined);
    expect(await app.exited).toMatchObject({ code: 0 });

    const dataFolder = join(freshFolder(), 'data');
    const env = { STAND_IN_SECRETS: 'basic_text' };
    const open = await launch({ dataFolder, env });
    await callHost(open, { host: 'host.setPassphrase', params: { passphrase: 'correct horse' } });
    await callHost(open, { host: 'host.lock', params: {} });
    expect((await callHost(open, { read: 'all' })).hostState).toMatchObject({ lock: 'locked' });
    await callHost(open, { host: 'host.quit', params: {} }).catch(() => undefined);
    expect(await open.exited).toMatchObject({ code: 0 });
  });
});

describeOnStandIn('Desktop app at login (G5)', () => {
  it('starts with the chosen data folder on Windows, if the user wants it', async () => {
    const dataFolder = join(freshFolder(), 'my data');
    const env = { ...PACKAGED, STAND_IN_PLATFORM: 'win32' };
    const first = await launch({ dataFolder, env });
    await prefer(first, { theme: 'dark' });
    expect(await first.noted('app.setLoginItemSettings')).toEqual([]);
    await prefer(first, { startAtLogin: true });
    const args = ['--hidden', '--data', `"${dataFolder}"`];
    expect(await first.noted('app.setLoginItemSettings')).toEqual([[{ openAtLogin: true, args }]]);
    await first.signal('SIGTERM');

    // If the user has switched it off in the Task Manager meanwhile, it stays off.
    const second = await launch({ dataFolder, env });
    await prefer(second, { startAtLogin: true, theme: 'light' });
    expect(await second.noted('app.setLoginItemSettings')).toEqual([]);
    await prefer(second, {});
    expect(await second.noted('app.setLoginItemSettings')).toEqual([[expect.objectContaining({ openAtLogin: false })]]);
  });

  it('has an entry on Linux, whose path is updated and whose other lines stay as the user has set them', async () => {
    const home = freshFolder();
    const file = join(home, 'autostart', 'aside.desktop');
    const dataFolder = join(home, 'my data');
    const env = { ...PACKAGED, STAND_IN_APPDATA: home, STAND_IN_PLATFORM: 'linux', APPIMAGE: '/opt/Aside-1.AppImage' };
    const first = await launch({ dataFolder, env });
    expect(existsSync(file)).toBe(false);
    await prefer(first, { startAtLogin: true });
    const line = (version: number) => `Exec="/opt/Aside-${version}.AppImage" "--hidden" "--data" "${dataFolder}"\n`;
    expect(readFileSync(file, 'utf8')).toContain(line(1));
    await first.signal('SIGTERM');

    writeFileSync(file, readFileSync(file, 'utf8').replace('enabled=true', 'enabled=false'));
    const second = await launch({ dataFolder, env: { ...env, APPIMAGE: '/opt/Aside-2.AppImage' } });
    expect(readFileSync(file, 'utf8')).toContain(`${line(2)}X-GNOME-Autostart-enabled=false\n`);
    // An app with another data folder, whose preferences do not ask for it, leaves the entry alone.
    await launch({ env });
    expect(existsSync(file)).toBe(true);
    await prefer(second, {});
    expect(existsSync(file)).toBe(false);
  });

  it('starts hidden on macOS, which passes no arguments', async () => {
    const app = await launch({ env: { STAND_IN_PLATFORM: 'darwin', STAND_IN_AT_LOGIN: '1' } });
    expect(await app.ask('visible')).toBe(false);
    await app.ask('emitApp', 'activate');
    expect(await app.ask('visible')).toBe(true);
  });
});
