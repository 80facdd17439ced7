import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../../../scripts/setup.mjs';
import { answers, appCommand, chooseShell } from '../../../scripts/start-app.mjs';
import { enter, UiSocket } from '../../support/browser-app.ts';
import { freePort } from '../../support/server-process.ts';

const linux = { electron: '/opt/electron', platform: 'linux', root: false, env: { DISPLAY: ':0' } } as const;

describe('Shell that npm start chooses', () => {
  it.each([
    ['a window, where Electron and a display are', linux, '/opt/electron', 'in its window'],
    ['a window on Wayland', { ...linux, env: { WAYLAND_DISPLAY: 'w' } }, '/opt/electron', 'in its window'],
    [
      'a window on macOS, which always has a display',
      { ...linux, platform: 'darwin', env: {} },
      '/opt/electron',
      'window',
    ],
    ['the browser, without Electron', { ...linux, electron: undefined }, undefined, 'Electron is not installed'],
    ['the browser, without a display', { ...linux, env: {} }, undefined, 'no display'],
    ['the browser, for the superuser', { ...linux, root: true }, undefined, 'superuser'],
  ] as const)('is %s', (_what, machine, electron, why) => {
    const chosen = chooseShell({ ...machine, env: { ...machine.env } });
    expect(chosen.electron).toBe(electron);
    expect(chosen.why).toContain(why);
  });

  it('starts with the project folder, so that Electron reads the name of the app from package.json', () => {
    expect(appCommand('/opt/electron')).toEqual(['/opt/electron', ROOT]);
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({
      main: 'out/main/index.js',
      productName: 'Aside',
      desktopName: 'aside.desktop',
      homepage: expect.stringMatching(/^https:/),
      author: expect.stringMatching(/<.+@.+>$/),
    });
    expect(appCommand(undefined)).toEqual([process.execPath, join(ROOT, 'out', 'browser', 'index.js')]);
  });

  it('uses a server that runs already', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await answers(port)).toBe(true);
    await new Promise((resolve) => server.close(resolve));
    expect(await answers(port)).toBe(false);
  });
});

describe('Starting server and app together', () => {
  it('offers the server to the app, and ends both at a signal (A6)', async () => {
    const home = mkdtempSync(join(tmpdir(), 'aside-start-'));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    const port = await freePort();
    const script = new URL('../../../scripts/start.mjs', import.meta.url).pathname;
    const args = [String(port), '120', '0', '--host', '127.0.0.1', '--data', join(home, 'server')];
    const child = spawn(process.execPath, [script, ...args], {
      env: { ...process.env, ASIDE_DATA: join(home, 'app'), DISPLAY: '', WAYLAND_DISPLAY: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    await expect.poll(() => output, { timeout: 80_000 }).toMatch(/http:\/\/127\.0\.0\.1:\d+\/\?key=/);
    expect(output).toContain('===== Server is running =====');
    expect(output).toContain('Only this computer can reach the server.');
    expect(output).toContain('No browser opens by itself: ');
    // The link is the last line.
    expect(output.trimEnd().split('\n').at(-1)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?key=/);
    const [link = '', linkPort] = /http:\/\/127\.0\.0\.1:(\d+)\/\?key=\S+/.exec(output) ?? [];
    const app = { port: Number(linkPort), link };
    const ui = await UiSocket.of(app, await enter(app));
    // The app trusts the server that the same command has started (G1).
    const [, fingerprint] = /^fingerprint:\s+(\S+)$/m.exec(output) ?? [];
    expect((await ui.read()).view.fingerprint).toBe(fingerprint);
    expect(await answers(port)).toBe(true);
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(await answers(port)).toBe(false);
    expect(output).toContain('stopped');
  });
});

describe('npm run app', () => {
  it('starts the app without a server, with its arguments, and passes its exit code', () => {
    const script = join(ROOT, 'scripts', 'app.mjs');
    const env = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' };
    const { status, stdout } = spawnSync(process.execPath, [script, '--version'], { encoding: 'utf8', env });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^aside-app \d/);
    expect(spawnSync(process.execPath, [script, '--port', 'x'], { encoding: 'utf8', env }).status).toBe(2);
  });
});
