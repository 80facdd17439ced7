import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, useBareDesktop } from '../support/electron-stand-in/bare-desktop.ts';
import { describeOnStandIn } from '../support/electron-stand-in/launch.ts';

const desktop = useBareDesktop();
const { launch, register } = desktop;
const DARK = { theme: 'dark', textSize: 'normal', notifications: true, detailsOpen: true } as const;

describeOnStandIn('Built main process and preload script', () => {
  it('open a sandboxed, isolated window without Node, with the app page only (G10)', async () => {
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

  it('serve the page from memory with a strict policy that allows no connections', async () => {
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

  it('transport frames: a snapshot, failures with a reason, a sign-in and its events', async () => {
    const app = await launch();
    expect(await call(app, { read: 'all' })).toMatchObject({ hostState: { kind: 'desktop' } });
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

  it('start a new session for a reloaded page', async () => {
    const app = await launch();
    await call(app, { read: 'all' });
    const username = await register(app);
    await app.ask('reloadPage');
    expect(await app.evaluate('told.length')).toBe(0);
    expect((await call(app, { read: 'all' })).view?.username).toBe(username);
    for (let crash = 0; crash < 5; crash++) await app.ask('crash');
    expect(await app.noted('webContents.reload')).toHaveLength(3);
  });

  it('receive frames from the main frame of the window only', async () => {
    const app = await launch();
    const darken = { id: 1, host: 'host.writePreferences', params: { ...DARK } };
    for (const url of [null, 'app://aside/index.html', 'https://evil.example/', 'about:blank']) {
      await app.ask('ipc', url, darken);
    }
    expect(await call(app, { read: 'all' })).toMatchObject({ hostState: { preferences: { theme: 'system' } } });
  });

  it('grant only the app page a permission, and only that of writing text to the clipboard', async () => {
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

  it('refuse navigation, windows, embedding, downloads and network requests of pages', async () => {
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

  it('open only web and mail links in other programs', async () => {
    const app = await launch();
    await call(app, { host: 'host.openLink', params: { url: 'https://example.org/a b' } });
    for (const url of ['file:///etc/passwd', 'javascript:alert(1)', 'smb://x/y', 'ms-msdt:/id', '\\\\x\\y', '/etc']) {
      expect((await call(app, { host: 'host.openLink', params: { url } })).outcome?.ok).toBe(false);
    }
    expect(await app.noted('shell.openExternal')).toEqual([['https://example.org/a%20b']]);
  });
});

describe('Built preload script', () => {
  it('is one CommonJS file that imports only Electron', () => {
    const text = readFileSync(desktop.bundle.preload, 'utf8');
    expect(text.match(/require\(\s*["'][^"']+["']\s*\)/g)).toEqual(['require("electron")']);
    expect(text).not.toMatch(/^\s*(?:import|export)\b/m);
    expect(readdirSync(join(desktop.bundle.preload, '..'))).toEqual(['index.cjs']);
    expect(existsSync(desktop.bundle.main)).toBe(true);
  });
});
