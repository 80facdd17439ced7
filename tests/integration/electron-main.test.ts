import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../../scripts/setup.mjs';
import {
  type AppBundle,
  bundleApp,
  DesktopApp,
  hasChromium,
  type LaunchOptions,
} from '../support/electron-stand-in/launch.ts';
import type { HostFacts } from '../../src/shared/client-api/host.ts';
import type { ViewState } from '../../src/shared/client-api/view-state.ts';
import { PrivatePerson } from '../support/private-people.ts';
import { type RunningServer, startServer } from '../support/server-process.ts';

/** A page that does nothing by itself; it speaks through the bridge that the built preload script gives it. */
const PAGE_SCRIPT = `
  const answers = new Map();
  window.told = [];
  // Here and not from outside: what a debugger evaluates may always use eval.
  window.evalWorks = (() => { try { return eval('true'); } catch { return false; } })();
  let id = 0;
  asideBridge.listen((frame) => {
    if (answers.has(frame.id)) answers.get(frame.id)(frame);
    else told.push(frame);
  });
  window.call = (frame) => new Promise((resolve) => {
    answers.set(++id, resolve);
    asideBridge.send({ id, ...frame });
  });
`;

interface Frame {
  readonly view?: Pick<ViewState, 'connection' | 'username' | 'conversations'>;
  readonly facts?: HostFacts;
  readonly outcome?: { readonly ok: boolean; readonly failure?: { readonly reason: string } };
}

let bundle: AppBundle;
let server: RunningServer;
beforeAll(async () => {
  bundle = await bundleApp();
  server = await startServer();
});
afterAll(async () => {
  await server.cleanUp();
  bundle.remove();
});

function folders(): { dataFolder: string; uiFolder: string } {
  const home = mkdtempSync(join(tmpdir(), 'aside-desktop-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const uiFolder = join(home, 'ui');
  mkdirSync(uiFolder);
  writeFileSync(join(uiFolder, 'index.html'), '<!doctype html><title>Aside</title><script src="./app.js"></script>');
  writeFileSync(join(uiFolder, 'app.js'), PAGE_SCRIPT);
  return { dataFolder: join(home, 'data'), uiFolder };
}

async function launch(options: Partial<LaunchOptions> = {}): Promise<DesktopApp & { dataFolder?: string }> {
  const app = await DesktopApp.launch(bundle.main, {
    ...folders(),
    args: ['--server', `127.0.0.1:${server.port}`],
    ...options,
  });
  onTestFinished(() => app.kill());
  return app;
}

const call = (app: DesktopApp, frame: object): Promise<Frame> => app.evaluate(`call(${JSON.stringify(frame)})`);

/** Somebody else on the same server. */
async function somebody(): Promise<PrivatePerson> {
  const person = await PrivatePerson.join(`bob${++names}`, server.port);
  onTestFinished(() => person.remove());
  return person;
}

async function unreadOf(app: DesktopApp, conversation: string): Promise<number | undefined> {
  const { view } = await call(app, { read: 'all' });
  return view?.conversations.find(({ id }) => id === conversation)?.unread;
}

let names = 0;
async function register(app: DesktopApp): Promise<string> {
  const username = `desk${++names}`;
  const { outcome } = await call(app, {
    command: 'session.register',
    params: { username, password: 'correct horse battery' },
  });
  expect(outcome).toMatchObject({ ok: true });
  return username;
}

describe.runIf(hasChromium)('the built main process and preload script', () => {
  it('open a sandboxed, isolated window without Node, on the app page alone (G10)', async () => {
    const app = await launch();
    const [[options] = []] = await app.noted('BrowserWindow');
    expect(options).toMatchObject({
      show: false,
      webPreferences: {
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
      },
    });
    expect(await app.noted('app.enableSandbox')).toHaveLength(1);
    expect(await app.noted('loadURL')).toEqual([['app://aside/index.html']]);
    expect(await app.noted('protocol.schemes')).toEqual([
      [[{ scheme: 'app', privileges: { standard: true, secure: true } }]],
    ]);
    expect(await app.evaluate(`[typeof require, typeof process, typeof module].join()`)).toBe(
      'undefined,undefined,undefined',
    );
    expect(await app.evaluate(`Object.keys(asideBridge).join()`)).toBe('send,listen');
    expect(await app.noted('window.show')).toHaveLength(1);
  });

  it('serve the page from memory with a strict policy that lets it connect nowhere', async () => {
    const app = await launch();
    const { status, headers } = await app.ask<{ status: number; headers: Record<string, string> }>(
      'fetchApp',
      'app://aside/index.html',
      'GET',
    );
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'none'; img-src 'self' data:; " +
        "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
        "require-trusted-types-for 'script'; trusted-types 'none'",
    );
    for (const [url, method] of [
      ['app://aside/../package.json', 'GET'],
      ['app://aside/%2e%2e/data/app.json', 'GET'],
      ['app://elsewhere/index.html', 'GET'],
      ['app://aside/index.html', 'POST'],
    ]) {
      expect(await app.ask('fetchApp', url, method)).toMatchObject({ status: 404 });
    }
    expect(await app.evaluate(`document.title`)).toBe('Aside');
    expect(await app.evaluate(`fetch('app.js').then(() => 'read', () => 'refused')`)).toBe('refused');
    const inline = `(() => {
      const script = document.createElement('script');
      const tries = [
        () => { script.textContent = 'window.bad = 1'; document.head.append(script); },
        () => { script.src = 'data:text/javascript,window.bad = 2'; document.head.append(script); },
        () => document.body.setAttribute('onclick', 'window.bad = 3'),
        () => { document.body.innerHTML = '<img src=x onerror="window.bad = 4">'; },
      ];
      return tries.filter((attempt) => { try { attempt(); return window.bad !== undefined; } catch { return false; } }).length;
    })()`;
    expect(await app.evaluate(inline)).toBe(0);
    expect(await app.evaluate('evalWorks')).toBe(false);
    expect(await app.evaluate(`__violations.length > 0`)).toBe(true);
  });

  it('carry frames: a reading, refusals with a reason, a sign-in and what follows', async () => {
    const app = await launch();
    expect(await call(app, { read: 'all' })).toMatchObject({ facts: { kind: 'desktop' } });
    for (const frame of [
      { command: 'no.such', params: {} },
      { host: 'host.openLink', params: { url: 'file:///x' } },
    ]) {
      expect((await call(app, frame)).outcome?.failure?.reason).toBe('invalid-command');
    }
    const username = await register(app);
    expect((await call(app, { read: 'all' })).view).toMatchObject({ username, connection: { state: 'online' } });
    const told = await app.evaluate<string>(`JSON.stringify(told)`);
    expect(told).toContain('session.started');
    expect(told).not.toContain('must stay inside');
  });

  it('answer a page that is loaded again as a new one', async () => {
    const app = await launch();
    await call(app, { read: 'all' });
    const username = await register(app);
    await app.ask('reloadPage');
    expect(await app.evaluate('told.length')).toBe(0);
    expect((await call(app, { read: 'all' })).view?.username).toBe(username);
    for (let crash = 0; crash < 5; crash++) await app.ask('crash');
    expect(await app.noted('webContents.reload')).toHaveLength(3);
  });

  it('hear nobody but the main frame of the window', async () => {
    const app = await launch();
    const darken = { id: 1, host: 'host.writePreferences', params: { ...DARK } };
    for (const url of [null, 'app://aside/index.html', 'https://evil.example/', 'about:blank']) {
      await app.ask('ipc', url, darken);
    }
    expect(await call(app, { read: 'all' })).toMatchObject({ facts: { preferences: { theme: 'system' } } });
  });

  it('grant no permission but writing text to the clipboard, to the app page', async () => {
    const app = await launch();
    const page = 'app://aside/index.html';
    for (const name of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'fileSystem']) {
      expect(await app.ask('permission', name, page)).toEqual([false, false, false]);
    }
    expect(await app.ask('permission', 'clipboard-sanitized-write', 'https://evil.example/')).toEqual([
      false,
      false,
      false,
    ]);
    expect(await app.ask<boolean[]>('permission', 'clipboard-sanitized-write', page)).toContain(true);
  });

  it('let no page leave, open a window, embed, download or ask the network', async () => {
    const app = await launch();
    await app.evaluate(`void (location.href = 'https://evil.example/')`);
    await expect.poll(() => app.noted('navigation refused')).toEqual([['https://evil.example/']]);
    await app.evaluate(`void window.open('https://evil.example/')`);
    await expect.poll(() => app.noted('window.open')).toEqual([['deny']]);
    expect(await app.ask('contents', 'will-attach-webview')).toBe(true);
    expect(await app.ask('contents', 'will-redirect')).toBe(true);
    for (const url of ['https://evil.example/x', 'app://aside/index.html', 'blob:https://evil.example/1', 'data:,x']) {
      expect(await app.ask('download', url)).toBe(true);
    }
    expect(await app.ask('download', 'blob:app://aside/1')).toBe(false);
    for (const url of ['https://evil.example/', 'http://127.0.0.1/', 'ws://127.0.0.1/', 'file:///etc/passwd']) {
      expect(await app.ask('request', url)).toEqual({ cancel: true });
    }
    expect(await app.ask('request', 'blob:https://evil.example/1')).toEqual({ cancel: true });
    for (const url of ['app://aside/index.html', 'blob:app://aside/1']) {
      expect(await app.ask('request', url)).toEqual({ cancel: false });
    }
    expect(await app.evaluate(`location.pathname`)).toBe('/index.html');
  });

  it('open links outside only as web or mail addresses', async () => {
    const app = await launch();
    await call(app, { host: 'host.openLink', params: { url: 'https://example.org/a b' } });
    for (const url of ['file:///etc/passwd', 'javascript:alert(1)', 'smb://x/y', 'ms-msdt:/id', '\\\\x\\y', '/etc']) {
      expect((await call(app, { host: 'host.openLink', params: { url } })).outcome?.ok).toBe(false);
    }
    expect(await app.noted('shell.openExternal')).toEqual([['https://example.org/a%20b']]);
  });

  it('notify natively, one notice a conversation, and open it at a click (G5)', async () => {
    const app = await launch();
    await call(app, { read: 'all' });
    for (const body of ['one', 'two']) {
      await call(app, { host: 'host.notify', params: { conversation: '@bob', title: 'bob', body } });
    }
    expect(await app.noted('notification.show')).toEqual([
      [{ title: 'bob', body: 'one', actions: [] }],
      [{ title: 'bob', body: 'two', actions: [] }],
    ]);
    expect(await app.noted('notification.close')).toEqual([[{ title: 'bob', body: 'one', actions: [] }]]);
    await app.ask('closeWindow');
    expect(await app.ask('visible')).toBe(false);
    await app.ask('clickNotification', 1);
    expect(await app.ask('visible')).toBe(true);
    await expect
      .poll(() => app.evaluate('JSON.stringify(told)'))
      .toContain('{"hostEvent":{"name":"host.conversationChosen","conversation":"@bob"}}');
    await call(app, { host: 'host.setUnread', params: { count: 3 } });
    expect(await app.noted('app.setBadgeCount')).toEqual([[3]]);
  });

  it('show a dot at the taskbar on Windows, under the name that notifications go by there (G5, G9)', async () => {
    const app = await launch({ env: { STAND_IN_PLATFORM: 'win32' } });
    const [, appId] = /^appId: (\S+)$/m.exec(readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8')) ?? [];
    expect(await app.noted('app.setAppUserModelId')).toEqual([[appId]]);
    for (const count of [2, 1, 0]) await call(app, { host: 'host.setUnread', params: { count } });
    expect(await app.noted('window.setOverlayIcon')).toEqual([
      ['unread.png', '2 unread messages'],
      ['unread.png', '1 unread message'],
      [null, ''],
    ]);
    expect(await app.noted('app.setBadgeCount')).toEqual([]);
  });

  it('take a notice back once its conversation was read, also while the window is closed (G5)', async () => {
    const app = await launch();
    const username = await register(app);
    await app.ask('closeWindow');
    const bob = await somebody();
    await bob.must('message.send', { to: username, text: 'hello' });
    const conversation = `@${bob.name}`;
    await expect.poll(() => unreadOf(app, conversation)).toBe(1);
    await call(app, { host: 'host.notify', params: { conversation, title: bob.name, body: 'hello' } });
    expect(await app.noted('notification.close')).toEqual([]);
    await call(app, { command: 'conversation.read', params: { conversation, through: 1_000 } });
    expect(await app.noted('notification.close')).toHaveLength(1);
    await call(app, { host: 'host.notify', params: { conversation, title: bob.name, body: 'again' } });
    await call(app, { host: 'host.chooseServer', params: { host: '127.0.0.1', port: 1 } });
    expect(await app.noted('notification.close')).toHaveLength(2);
  });

  it('open the conversation with who was accepted, and say where a button could do nothing (F1, G5)', async () => {
    const app = await launch();
    await call(app, { read: 'all' });
    const username = await register(app);
    const bob = await somebody();
    const conversation = `@${bob.name}`;
    const button = (label: string, accept: boolean) => ({
      label,
      command: 'private.answer',
      params: { username: bob.name, accept },
    });
    const notice = {
      conversation,
      title: bob.name,
      body: 'asks',
      actions: [button('Accept', true), button('Decline', false)],
    };
    const ask = async () => {
      await bob.must('private.ask', { username });
      await expect.poll(async () => JSON.stringify((await call(app, { read: 'all' })).view)).toContain('"asked"');
      await app.ask('closeWindow');
      await call(app, { host: 'host.notify', params: notice });
    };
    await ask();
    await app.ask('clickNotificationAction', 0, 1);
    await expect.poll(() => app.noted('notification.close')).toHaveLength(1);
    expect(await app.ask('visible')).toBe(false);
    // Who asks again before having heard the answer is refused.
    await expect.poll(() => bob.endings).toHaveLength(1);

    await ask();
    await app.ask('clickNotificationAction', 1, 0);
    await expect.poll(() => app.ask('visible')).toBe(true);
    const chosen = JSON.stringify({ hostEvent: { name: 'host.conversationChosen', conversation } });
    await expect.poll(() => app.evaluate('JSON.stringify(told)')).toContain(chosen);
    expect(await app.noted('notification.close')).toHaveLength(2);

    await app.ask('closeWindow');
    await app.ask('clickNotificationAction', 1, 0);
    await expect
      .poll(async () => (await app.noted('notification.show')).at(-1))
      .toEqual([{ title: 'Accept: not done', body: expect.stringMatching(/\.$/) as string, actions: [] }]);
    expect(await app.ask('visible')).toBe(false);
  });

  it('tell beside the clock whose connection stands how, and what waits; and are quiet from there (G5)', async () => {
    const app = await launch();
    const rest = ['Show Aside', 'Do not disturb for an hour', 'Quit Aside'];
    expect(await app.ask('trayLabels')).toEqual(['Nobody is signed in', ...rest]);
    const username = await register(app);
    await expect.poll(() => app.ask('trayLabels')).toEqual([`${username} · Online`, ...rest]);
    const bob = await somebody();
    for (const text of ['one', 'two']) await bob.must('message.send', { to: username, text });
    await expect.poll(() => app.ask('trayLabels')).toEqual([`${username} · Online`, '2 unread messages', ...rest]);
    expect((await app.noted('tray.setToolTip')).at(-1)).toEqual([`Aside: ${username} · Online\n2 unread messages`]);

    await call(app, { read: 'all' });
    await app.ask('clickTray', 'Do not disturb for an hour');
    const disturb = expect.stringMatching(/^Disturb me again \(quiet until .+\)$/) as string;
    await expect.poll(() => app.ask<string[]>('trayLabels')).toContainEqual(disturb);
    const { facts } = await call(app, { read: 'all' });
    expect(facts?.preferences?.quietUntil).toBeGreaterThan(Date.now() + 3_500_000);
    await expect.poll(() => app.evaluate('JSON.stringify(told)')).toContain('host.preferencesChanged');
    const again = (await app.ask<string[]>('trayLabels')).find((label) => label.startsWith('Disturb me'));
    await app.ask('clickTray', again);
    await expect.poll(() => app.ask('trayLabels')).toContain('Do not disturb for an hour');

    await call(app, { command: 'session.signOut', params: {} });
    await expect.poll(() => app.ask<string[]>('trayLabels')).toContain(`${username} · Signed out`);
  });

  it('do what a button of a notification says, also while the window is closed (F1, G5)', async () => {
    const app = await launch();
    const username = await register(app);
    await app.ask('closeWindow');
    const action = { label: 'Write back', command: 'message.send', params: { to: username, text: 'by a button' } };
    const notice = { conversation: '@bob', title: 'bob', body: 'asks', actions: [action] };
    expect((await call(app, { host: 'host.notify', params: notice })).outcome?.ok).toBe(true);
    const [[shown] = []] = await app.noted('notification.show');
    expect(shown).toMatchObject({ actions: [{ type: 'button', text: 'Write back' }] });
    await app.ask('clickNotificationAction', 0, 1);
    await app.ask('clickNotificationAction', 0, 0);
    await expect
      .poll(async () => JSON.stringify((await call(app, { read: 'all' })).view))
      .toContain('"text":"by a button"');
    const wrong = { ...notice, actions: [{ ...action, command: 'no.such' }] };
    expect((await call(app, { host: 'host.notify', params: wrong })).outcome?.ok).toBe(false);
  });

  it('stay beside the clock when the window is closed, and end from there (G5)', async () => {
    const app = await launch();
    await app.ask('closeWindow');
    expect(await app.ask('visible')).toBe(false);
    await app.ask('clickTray', 'Show Aside');
    expect(await app.ask('visible')).toBe(true);
    await app.ask('closeWindow');
    await app.ask('emitApp', 'second-instance');
    expect(await app.ask('visible')).toBe(true);
    await app.ask('clickTray', 'Quit Aside').catch(() => undefined);
    expect(await app.exited).toMatchObject({ code: 0 });
  });

  it('are one program at a time', async () => {
    const places = folders();
    const app = DesktopApp.start(bundle.main, { ...places, env: { STAND_IN_SECOND: '1' } });
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
    const app = DesktopApp.start(bundle.main, places);
    const { code, output } = await app.exited;
    expect(code).toBe(1);
    expect(output).toMatch(
      /^Aside: The file with the app's settings is damaged: .*app\.json\. Restore it, or delete it/,
    );
  });
});

const DARK = { theme: 'dark', textSize: 'normal', notifications: true, detailsOpen: true } as const;

describe('the built preload script', () => {
  it('is one CommonJS file that needs nothing but Electron', () => {
    const text = readFileSync(bundle.preload, 'utf8');
    expect(text.match(/require\(\s*["'][^"']+["']\s*\)/g)).toEqual(['require("electron")']);
    expect(text).not.toMatch(/^\s*(?:import|export)\b/m);
    expect(readdirSync(join(bundle.preload, '..'))).toEqual(['index.cjs']);
    expect(existsSync(bundle.main)).toBe(true);
  });
});
