import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { buildPart } from '../../scripts/build-app.mjs';
import type { servePage } from '../../scripts/serve-page.mjs';
import { answers } from '../../scripts/start-app.mjs';
import { describeInBrowser, launchBrowser } from '../support/browser.ts';
import { type AppBundle, bundleApp, DesktopApp, describeOnStandIn } from '../support/electron-stand-in/launch.ts';
import { ProjectCopy } from '../support/project-copy.ts';
import { freePort } from '../support/server-process.ts';

/** A component of the page, and a change that can be seen. */
const COMPONENT = 'src/renderer/features/conversation/composer.tsx';
const BEFORE = '<Remarks conversation={conversation} name={name} />';
const AFTER = '<p>A changed component</p>';
/** Several programs start one after the other, and are built before it. */
const LIMIT_MS = 240_000;
const PATIENCE = { timeout: 60_000, interval: 50 };

let copy: ProjectCopy;
beforeAll(() => {
  copy = new ProjectCopy();
});
afterAll(() => copy.remove());

/** `npm run dev` in the copy. */
class Development {
  output = '';
  readonly ended: Promise<number | null>;
  readonly #child;

  constructor(port: number, dataFolder: string) {
    const args = [join(copy.folder, 'scripts', 'dev.mjs'), '--port', String(port), '--data', dataFolder];
    this.#child = spawn(process.execPath, args, {
      cwd: copy.folder,
      env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    // The server and the browser host hold the pipes open for as long as they run.
    this.ended = new Promise((resolve) => this.#child.once('close', resolve));
  }

  async link(): Promise<string> {
    const pattern = /http:\/\/127\.0\.0\.1:\d+\/\?key=[\w-]{43}/;
    await expect.poll(() => this.output, PATIENCE).toMatch(pattern);
    return pattern.exec(this.output)?.[0] ?? '';
  }

  /** Number of times that the output contains a text. */
  count(text: string): number {
    return this.output.split(text).length - 1;
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal);
    return await this.ended;
  }
}

/** Makes an account, opens the conversation with everyone and types a message without sending it. */
async function typeDraft(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByRole('button', { name: 'They match' }).click();
  await page.getByRole('textbox', { name: 'Username' }).fill('carla');
  for (const field of await page.locator('input[type=password]').all()) await field.fill('correct horse battery');
  await page.keyboard.press('Enter');
  await page
    .getByRole('navigation')
    .getByRole('button', { name: /^Everyone/ })
    .click();
  await page.locator('textarea').fill(text);
}

describeInBrowser('npm run dev', () => {
  it(
    'shows a changed component without losing typed text, restarts the changed server, and ends all programs',
    async () => {
      const home = mkdtempSync(join(tmpdir(), 'aside-development-'));
      onTestFinished(() => rmSync(home, { recursive: true, force: true }));
      const port = await freePort();
      const development = new Development(port, home);
      onTestFinished(() => void development.end('SIGTERM'));
      const browser = await launchBrowser();
      onTestFinished(() => browser.close());
      const page = await browser.newPage();
      page.setDefaultTimeout(60_000);
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      const link = await development.link();
      await page.goto(link);
      await page.waitForURL(`${new URL(link).origin}/`);
      await typeDraft(page, 'half a sentence');
      await page.evaluate('window.sameDocument = true');

      copy.edit(COMPONENT, BEFORE, AFTER);
      onTestFinished(() => copy.edit(COMPONENT, AFTER, BEFORE));
      await page.getByText('A changed component').waitFor();
      expect(await page.locator('textarea').inputValue()).toBe('half a sentence');
      expect(await page.evaluate('window.sameDocument')).toBe(true);
      expect(complaints).toEqual([]);

      copy.edit('server/src/index.ts', '\n', "\nprocess.stdout.write('a changed server\\n');\n");
      await expect.poll(() => development.count('a changed server'), PATIENCE).toBe(1);
      await expect.poll(() => development.count('Waiting for connection request'), PATIENCE).toBe(2);
      expect(await answers(port)).toBe(true);

      expect(await development.end('SIGTERM')).toBe(0);
      expect(await answers(port)).toBe(false);
      expect(await answers(Number(new URL(link).port))).toBe(false);
    },
    LIMIT_MS,
  );

  it('ends with a sentence if the port of the server is taken', async () => {
    const home = mkdtempSync(join(tmpdir(), 'aside-development-'));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const address = other.address();
    const development = new Development(typeof address === 'object' && address !== null ? address.port : 0, home);
    expect(await development.ended).toBe(1);
    expect(development.output).toMatch(/port|address/);
  });
});

describeOnStandIn('the main process in development', () => {
  let bundle: AppBundle;
  let served: { readonly address: string; close(): Promise<void> };
  let uiFolder: string;
  beforeAll(async () => {
    bundle = await bundleApp();
    // The installed app shows no other page than this one.
    uiFolder = join(dirname(dirname(bundle.main)), 'renderer');
    await buildPart('renderer', uiFolder);
    const module = join(copy.folder, 'scripts', 'serve-page.mjs');
    const imported = (await import(/* @vite-ignore */ module)) as { servePage: typeof servePage };
    served = await imported.servePage();
  });
  afterAll(async () => {
    await served?.close();
    bundle?.remove();
  });

  async function launch(env: Readonly<Record<string, string>>): Promise<DesktopApp> {
    const home = mkdtempSync(join(tmpdir(), 'aside-desktop-'));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    const args = ['--server', '127.0.0.1:9'];
    const app = await DesktopApp.launch(bundle.main, { dataFolder: join(home, 'data'), uiFolder, args, env });
    onTestFinished(() => app.kill());
    await app.ask('waitFor', 'role=button[name="Connect"]');
    return app;
  }

  const policyOf = async (app: DesktopApp): Promise<string | undefined> => {
    const { headers } = await app.ask<{ headers: Record<string, string> }>('fetchApp', 'app://aside/index.html', 'GET');
    return headers['content-security-policy'];
  };

  it('shows the page of Vite under the origin of the app, with changes as they are made', async () => {
    const app = await launch({ ELECTRON_RENDERER_URL: served.address });
    const socket = `ws://${new URL(served.address).host}`;
    expect(await policyOf(app)).toContain(`connect-src 'self' ${socket};`);
    expect(await app.noted('loadURL')).toEqual([['app://aside/index.html']]);
    for (const [url, cancel] of [
      [`${socket}/?token=1`, false],
      ['ws://127.0.0.1:1/', true],
      [`${socket}@evil.example/`, true],
      [served.address, true],
      ['https://evil.example/', true],
    ] as const) {
      expect(await app.ask('request', url), url).toEqual({ cancel });
    }

    await app.evaluate('window.sameDocument = true');
    await app.ask('fill', 'input >> nth=0', 'typed.example');
    const component = 'src/renderer/features/start/server-step.tsx';
    copy.edit(component, '<form', '<form data-changed="yes"');
    onTestFinished(() => copy.edit(component, '<form data-changed="yes"', '<form'));
    await app.ask('waitFor', '[data-changed]');
    expect(await app.evaluate('document.querySelector("input").value')).toBe('typed.example');
    expect(await app.evaluate('window.sameDocument')).toBe(true);
    expect(await app.evaluate('__violations')).toEqual([]);
  });

  it.each([
    ['the installed app', { STAND_IN_PACKAGED: '1' }, (address: string) => address],
    ['an address of another machine', {}, () => 'http://192.0.2.1:5173'],
    ['an address that is none', {}, () => 'vite'],
  ])('shows the built page alone: %s', async (_case, env, addressOf) => {
    const app = await launch({ ...env, ELECTRON_RENDERER_URL: addressOf(served.address) });
    expect(await policyOf(app)).toContain("connect-src 'none';");
    const socket = `ws://${new URL(served.address).host}/`;
    expect(await app.ask('request', socket)).toEqual({ cancel: true });
    expect(await app.evaluate('document.querySelector("meta[property=csp-nonce]")')).toBeNull();
  });
});
