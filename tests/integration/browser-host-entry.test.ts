import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ask, type BrowserApp, enter, startBrowserApp, UiSocket } from '../support/browser-app.ts';
import { type Bundle, bundleProgram } from '../support/client-bundle.ts';

let bundle: Bundle;
let app: BrowserApp;
let cookie: string;
let origin: string;
beforeAll(async () => {
  bundle = await bundleProgram(new URL('../../src/browser/index.ts', import.meta.url));
  app = await startBrowserApp(bundle.file);
  cookie = await enter(app);
  origin = `http://127.0.0.1:${app.port}`;
});
afterAll(async () => {
  await app.cleanUp();
  bundle.remove();
});

async function freshApp(): Promise<BrowserApp> {
  const fresh = await startBrowserApp(bundle.file);
  onTestFinished(() => fresh.cleanUp());
  return fresh;
}

const path = (link: string): string => link.slice(link.indexOf('/?'));

describe('Link of the browser host', () => {
  it('signs in one browser, once', async () => {
    const fresh = await freshApp();
    const first = await ask(fresh.port, path(fresh.link));
    expect(first.status).toBe(200);
    expect(first.headers['set-cookie']).toEqual([
      expect.stringMatching(new RegExp(`^aside-${fresh.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`)),
    ]);
    const second = await ask(fresh.port, path(fresh.link));
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
    expect(second.body).toContain('This link was used');
  });

  it('has the last port, or another one if that is in use', async () => {
    const first = await freshApp();
    const { dataFolder } = first;
    const beside = await startBrowserApp(bundle.file, { dataFolder });
    expect(beside.port).not.toBe(first.port);
    await beside.stop();
    const again = await startBrowserApp(bundle.file, { dataFolder });
    expect(again.port).toBe(beside.port);
    await again.stop();
    const chosen = await startBrowserApp(bundle.file, { dataFolder, args: ['--port', String(again.port)] });
    expect(chosen.port).toBe(again.port);
    await chosen.stop();
  });

  it('opens the app again in a browser that is signed in', async () => {
    expect((await ask(app.port, path(app.link), { cookie })).status).toBe(200);
  });

  it('is not used up by a prefetch or a HEAD request', async () => {
    const fresh = await freshApp();
    expect((await ask(fresh.port, path(fresh.link), { 'sec-purpose': 'prefetch;prerender' })).status).toBe(403);
    expect((await ask(fresh.port, path(fresh.link), {}, 'HEAD')).status).toBe(403);
    expect((await ask(fresh.port, path(fresh.link), { 'sec-fetch-site': 'cross-site' })).status).toBe(200);
  });

  it('is refused with a guessed key', async () => {
    for (const key of ['', 'x', 'A'.repeat(43), 'A'.repeat(4_000)]) {
      expect((await ask(app.port, `/?key=${key}`)).status).toBe(403);
    }
  });
});

describe('Files of the browser host', () => {
  it('have a strict policy, and are not cached', async () => {
    const { status, headers, body } = await ask(app.port, '/', { cookie });
    expect(status).toBe(200);
    expect(body).toContain('<title>Aside</title>');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
        "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
        "require-trusted-types-for 'script'; trusted-types 'none'",
    );
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect((await ask(app.port, '/assets/app.js', { cookie })).headers['content-type']).toMatch(/^text\/javascript/);
  });

  it.each([
    '/../package.json',
    '/assets/../../data/app.json',
    '/%2e%2e/package.json',
    '/assets/app.js.map',
    '/assets',
    '//etc/passwd',
    '/socket',
    '/index.html/',
  ])('do not include the path %s', async (asked) => {
    expect((await ask(app.port, asked, { cookie })).status).toBe(404);
  });

  it.each([
    ['no cookie', {}],
    ['a guessed one', { cookie: `aside-PORT=${'A'.repeat(43)}` }],
    ['one of another app', { cookie: 'aside-1=PASS' }],
    ['an empty one', { cookie: 'aside-PORT=' }],
  ])('are refused to a browser with %s', async (_what, headers) => {
    const filled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        value.replace('PORT', String(app.port)).replace('PASS', cookie.split('=')[1] ?? ''),
      ]),
    );
    for (const asked of ['/', '/index.html', '/assets/app.js', '/nowhere']) {
      expect((await ask(app.port, asked, filled)).status).toBe(403);
    }
  });

  it.each([
    ['a name that points here (DNS rebinding)', { host: 'evil.example:PORT' }],
    ['another name of this machine', { host: 'localhost:PORT' }],
    ['another port', { host: '127.0.0.1:1' }],
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page of another port', { origin: 'http://127.0.0.1:1' }],
    ['a page without an origin', { origin: 'null' }],
    ['a request across sites', { 'sec-fetch-site': 'cross-site' }],
    ['a request across ports', { 'sec-fetch-site': 'same-site' }],
  ])('are refused for %s, with or without a cookie', async (_what, headers) => {
    const filled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', String(app.port))]),
    );
    expect((await ask(app.port, '/', { ...filled, cookie })).status).toBe(403);
    await expect(UiSocket.connect(app.port, { origin, cookie, ...filled })).rejects.toThrow('403');
  });

  it('are served for GET and HEAD only', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await ask(app.port, '/', { cookie }, method)).status).toBe(405);
    }
    const { status, body } = await ask(app.port, '/', { cookie }, 'HEAD');
    expect([status, body]).toEqual([200, '']);
  });

  it('are served on 127.0.0.1 only', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .map(({ address }) => address)
      .filter((address) => address !== '127.0.0.1' && !address.startsWith('fe80'));
    for (const host of ['127.0.0.2', ...others]) {
      const refused = await new Promise<boolean>((resolve) => {
        const socket = connect({ host, port: app.port }, () => {
          socket.destroy();
          resolve(false);
        });
        socket.on('error', () => resolve(true));
      });
      expect([host, refused]).toEqual([host, true]);
    }
  });
});

describe('WebSocket of the browser host', () => {
  it('opens for the app in a browser that is signed in', async () => {
    const ui = await UiSocket.connect(app.port, { origin, cookie });
    const { hostState } = await ui.read();
    expect(hostState).toMatchObject({ kind: 'browser', drafts: {} });
    expect(await ui.end()).toBe(1005);
  });

  it.each([
    ['without an origin', { cookie: true }, '/socket', '403'],
    ['without a cookie', { origin: true }, '/socket', '403'],
    ['under another path', { origin: true, cookie: true }, '/', '404'],
  ])('is refused %s', async (_what, has, asked, status) => {
    const headers = { ...('origin' in has ? { origin } : {}), ...('cookie' in has ? { cookie } : {}) };
    await expect(UiSocket.connect(app.port, headers, asked)).rejects.toThrow(status);
  });

  it.each([
    ['data that is not JSON', 'hello', 1008],
    ['JSON that is not an object', '1', 1008],
    ['a frame without an id', '{"command":"session.resume","params":{}}', 1008],
    ['a binary frame', Buffer.from('{"id":1,"read":"all"}'), 1008],
    ['a frame that is too long', JSON.stringify({ id: 1, read: 'a'.repeat(2 * 1024 * 1024) }), 1009],
  ])('is closed after %s', async (_what, frame, code) => {
    const ui = await UiSocket.connect(app.port, { origin, cookie });
    ui.socket.send(frame);
    expect(await ui.closed).toBe(code);
  });

  it('accepts sixteen pages, and another one when a page closes', async () => {
    const uis: UiSocket[] = [];
    for (let n = 0; n < 16; n++) uis.push(await UiSocket.connect(app.port, { origin, cookie }));
    const late = await UiSocket.connect(app.port, { origin, cookie });
    expect(await late.closed).toBe(1013);
    await uis[0]?.end();
    const next = await UiSocket.connect(app.port, { origin, cookie });
    expect((await next.read()).hostState.kind).toBe('browser');
    await Promise.all([next, ...uis.slice(1)].map((ui) => ui.end()));
  });
});

describe('Refused connections that the other side keeps open', () => {
  it('do not use up the connection limit', async () => {
    const fresh = await freshApp();
    const upgrade = `GET /socket HTTP/1.1\r\nHost: 127.0.0.1:${fresh.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`;
    const refused = await Promise.all(
      Array.from({ length: 256 }, async () => {
        const socket = connect({ port: fresh.port, host: '127.0.0.1', allowHalfOpen: true });
        onTestFinished(() => void socket.destroy());
        socket.on('error', () => undefined);
        socket.write(upgrade);
        let said = '';
        socket.on('data', (part) => (said += String(part)));
        await once(socket, 'end');
        return said;
      }),
    );
    expect(new Set(refused)).toEqual(new Set([expect.stringMatching(/^HTTP\/1\.1 403 Forbidden\r\n/)]));
    const entering = () => enter(fresh).then(Boolean, () => false);
    await expect.poll(entering, { timeout: 5_000 }).toBe(true);
  });
});

describe('Browser host program', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends with its terminal: %s', async (signal) => {
    const fresh = await freshApp();
    const ui = await UiSocket.of(fresh, await enter(fresh));
    await ui.read();
    expect(await fresh.stop(signal)).toEqual({ code: 0, signal: null });
    await ui.closed;
  });

  it('reports a port that is in use', async () => {
    await expect(startBrowserApp(bundle.file, { args: ['--port', String(app.port)] })).rejects.toThrow(
      `port ${app.port} of this machine is in use. Give another with --port.`,
    );
  });
});
