// A real server, a user on it, and the app of another user with a long history.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { plant } from './history.mjs';
import { watchOpening } from './in-page.mjs';
import { freePort, now, startHost, startServer, startTerminal } from './processes.mjs';

const BROWSER = process.env.ASIDE_BROWSER ?? '/usr/bin/chromium';
const PASSWORD = 'correct horse battery';
const ME = 'kevin';
/** User of the long conversation. */
export const FRIEND = 'hans';

/** @typedef {{ host: import('./processes.mjs').Running, page: import('playwright-core').Page, times: Times, close: () => Promise<void> }} OpenApp */
/** @typedef {{ start: number, navigated: number, linked: number, list: number, thread: number, key: number }} Times */

/** @param {{ messages: number, conversations: number, kind: import('./processes.mjs').HostKind }} what */
export async function makeWorld({ messages, conversations, kind }) {
  const folder = mkdtempSync(join(tmpdir(), 'aside-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const data = join(folder, 'app');
  let server = await startServer(port, join(folder, 'server'));
  const friend = await startTerminal(FRIEND, port, join(folder, 'friend'));
  const browser = await chromium.launch({
    executablePath: BROWSER,
    // Chromium's own sandbox does not start as root, which is usual in containers.
    chromiumSandbox: process.getuid?.() !== 0,
    ignoreDefaultArgs: ['--hide-scrollbars'],
  });
  await register(browser, await startHost(kind, data, port));
  const before = now();
  const profile = join(data, `127.0.0.1_${port}`, ME);
  mkdirSync(profile, { recursive: true });
  await plant({ folder: profile, key: kind.key, messages, conversations, friend: FRIEND });
  process.stdout.write(`${((now() - before) / 1_000).toFixed(0)} s to write the history\n`);

  return {
    browser,
    /** Opens the app and waits until it is usable. @returns {Promise<OpenApp>} */
    open: () => openApp(browser, () => startHost(kind, data, port), conversations),
    /** Sends a burst of messages, as fast as the server accepts them. @param {number} count */
    burst: (count) => friend.tell(Array.from({ length: count }, (_, n) => `message ${ME} ${burstText(n)}\n`).join('')),
    stopServer: () => server.stop(),
    startServer: async () => {
      server = await startServer(port, join(folder, 'server'));
    },
  };
}

/** Text of the nth message of a burst, from 0. @param {number} n */
export const burstText = (n) => `the ${n}th of a burst, which is neither long nor short`;

/** @param {import('playwright-core').Browser} browser @param {import('./processes.mjs').Running} host */
async function register(browser, host) {
  const page = await browser.newPage();
  await page.goto(host.said);
  await page.getByRole('button', { name: 'Connect' }).click();
  await page.getByRole('button', { name: 'It is the same' }).click();
  await page.getByRole('textbox', { name: 'Username' }).fill(ME);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password once more').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').waitFor();
  await page.close();
  await host.stop();
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {() => Promise<import('./processes.mjs').Running>} startTheHost
 * @param {number} entries that its list must have
 * @returns {Promise<OpenApp>}
 */
async function openApp(browser, startTheHost, entries) {
  // A new context: the cache is empty. The browser itself runs already, as for most users.
  const context = await browser.newContext({ viewport: { width: 1_280, height: 800 } });
  const page = await context.newPage();
  const complaints = /** @type {string[]} */ ([]);
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.exposeFunction('pressKey', () => page.keyboard.type('x'));
  await page.addInitScript(watchOpening, { friend: FRIEND, entries });
  const start = now();
  const host = await startTheHost();
  const linked = now();
  const navigated = now();
  await page.goto(host.said);
  await page.waitForFunction(() => /** @type {any} */ (globalThis).opening?.key > 0, undefined, { timeout: 60_000 });
  const seen = await page.evaluate(() => /** @type {any} */ (globalThis).opening);
  await page.locator('textarea').fill('');
  return {
    host,
    page,
    times: { start, linked, navigated, ...seen },
    close: async () => {
      if (complaints.length > 0) throw new Error(`the page complained: ${complaints.join('; ')}`);
      await context.close();
      await host.stop();
    },
  };
}
