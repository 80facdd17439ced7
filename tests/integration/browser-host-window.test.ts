import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { describeInBrowser, launchBrowser } from '../support/browser.ts';
import { type BrowserApp, startBrowserApp } from '../support/browser-app.ts';
import { type Bundle, bundleProgram } from '../support/client-bundle.ts';
import { type RunningServer, startServer } from '../support/server-process.ts';
import { putPart } from '../support/built-part.ts';

const PASSWORD = 'correct horse battery';
/** Policy violations that the page has reported. */
declare global {
  var violations: string[];
}

describeInBrowser('Built window in a real browser', () => {
  let bundle: Bundle;
  let server: RunningServer;
  let browser: Browser;
  let uiFolder: string;
  beforeAll(async () => {
    uiFolder = mkdtempSync(join(tmpdir(), 'aside-window-'));
    [bundle, server, browser] = await Promise.all([
      bundleProgram(new URL('../../src/browser/index.ts', import.meta.url)),
      startServer(),
      launchBrowser(),
      putPart('renderer', uiFolder),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await server.cleanUp();
    bundle.remove();
    rmSync(uiFolder, { recursive: true });
  });

  async function openApp(): Promise<{ app: BrowserApp; page: Page; context: BrowserContext }> {
    const app = await startBrowserApp(bundle.file, { uiFolder, args: ['--server', `127.0.0.1:${server.port}`] });
    onTestFinished(() => app.cleanUp());
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await page.addInitScript(() => {
      globalThis.violations = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    await page.goto(app.link);
    await page.waitForURL(`http://127.0.0.1:${app.port}/`);
    return { app, page, context };
  }

  async function register(page: Page, username: string): Promise<void> {
    await page.getByRole('button', { name: 'Connect' }).click();
    const shown = page.locator('section', { hasText: 'Is this the right server?' });
    const hexadecimal = (text: string | undefined): string => (text ?? '').replace(/[^0-9A-F]/g, '');
    expect(hexadecimal(await shown.innerText())).toContain(hexadecimal(server.fingerprint));
    await page.getByRole('button', { name: 'They match' }).click();
    await page.getByRole('textbox', { name: 'Username' }).fill(username);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Repeat password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation').waitFor();
  }

  const write = async (page: Page, text: string): Promise<void> => {
    await page.locator('textarea').fill(text);
    await page.keyboard.press('Enter');
  };

  it('shows a remedy and loses no data if its cookie is from an earlier run (G7)', async () => {
    const { app, page, context } = await openApp();
    await register(page, 'petra');
    const field = page.getByRole('textbox', { name: 'Message everyone' });
    await page.getByRole('button', { name: /^Everyone/ }).click();
    await field.fill('half a sen');
    await app.stop();
    await page.getByRole('heading', { name: 'Aside has stopped' }).waitFor();
    await field.fill('half a sentence', { force: true });
    const again = await startBrowserApp(bundle.file, { uiFolder, dataFolder: app.dataFolder });
    onTestFinished(() => again.cleanUp());
    await page.getByRole('heading', { name: 'Aside was restarted' }).waitFor();
    const other = await context.newPage();
    await other.goto(again.link);
    await page.getByRole('heading', { name: 'Aside was restarted' }).waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe('half a sentence');
    await other.getByRole('button', { name: /^Everyone/ }).click();
    const elsewhere = other.getByRole('textbox', { name: 'Message everyone' });
    await expect.poll(() => elsewhere.inputValue(), { timeout: 10_000 }).toBe('half a sentence');
    await field.press('End');
    await field.pressSequentially(', and the rest');
    await expect.poll(() => elsewhere.inputValue(), { timeout: 10_000 }).toBe('half a sentence, and the rest');
    await elsewhere.press('Enter');
    await expect.poll(() => field.inputValue(), { timeout: 10_000 }).toBe('');
  }, 60_000);

  it('exports the history to a file, deletes it, and imports it again (G8)', async () => {
    const { page } = await openApp();
    await register(page, 'clara');
    const history = async (): Promise<void> => {
      await page.keyboard.press('Control+,');
      await page.getByRole('tab', { name: 'History' }).click();
    };
    const download = async (format: RegExp): Promise<{ name: string; text: string }> => {
      await page.getByRole('radio', { name: format }).check({ force: true });
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save as a file' }).click(),
      ]);
      return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
    };
    const texts = Array.from({ length: 250 }, (_, n) => `line ${n} <b>&\u{1f642}`);
    await page
      .getByRole('navigation')
      .getByRole('button', { name: /^Everyone/ })
      .click();
    for (const text of texts.slice(0, 2)) await write(page, text);
    await page.getByRole('feed').getByText('line 1 <b>').waitFor();
    await history();
    const small = await download(/^JSON/);
    expect(small.name).toMatch(/^aside-clara-\d{4}-\d\d-\d\d\.jsonl$/);
    expect(small.text.trimEnd().split('\n')).toHaveLength(3);

    // A file of several pages and batches, made from the app's own export.
    const [header = '', first = ''] = small.text.split('\n');
    const made = texts.map((text, n) =>
      JSON.stringify({ ...(JSON.parse(first) as object), id: randomUUID(), text, at: 1_000 + n }),
    );
    const chooser = page.locator('input[type=file]');
    const give = (lines: readonly string[]) =>
      chooser.setInputFiles({ name: 'a.jsonl', mimeType: 'text/plain', buffer: Buffer.from(lines.join('\n')) });
    await give([header, ...made, 'odd']);
    await page.getByText('250 messages were added; 0 were here already.').waitFor();
    await page.getByText('Line 252: This line is not JSON.').waitFor();
    const whole = await download(/^JSON/);
    expect(whole.text.trimEnd().split('\n')).toHaveLength(253);
    expect((await download(/^HTML/)).text).toContain('line 249 &lt;b&gt;&amp;\u{1f642}');

    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('Deleted on this computer.').first().waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('feed').getByRole('article').count()).toBe(0);

    await history();
    await give(whole.text.split('\n'));
    await page.getByText('252 messages were added; 0 were here already.').waitFor();
    expect((await download(/^JSON/)).text).toBe(whole.text);
    await give(whole.text.split('\n'));
    await page.getByText('0 messages were added; 252 were here already.').waitFor();
    await page.keyboard.press('Escape');
    await page
      .getByRole('navigation')
      .getByRole('button', { name: /^Everyone/ })
      .click();
    await page.getByRole('feed').getByText('line 1 <b>').first().waitFor();
    expect(await page.evaluate(() => globalThis.violations)).toEqual([]);
  });

  it('registers a new user after a taken username and a reload of the page (G1, G7)', async () => {
    const first = await openApp();
    await register(first.page, 'greta');
    const { page } = await openApp();
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByRole('button', { name: 'They match' }).click();
    await page.getByRole('textbox', { name: 'Username' }).fill('greta');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Repeat password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByText(/^That username is taken/).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Create account' }).waitFor();
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('');
    await page.getByRole('textbox', { name: 'Username' }).fill('greta2');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Repeat password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation').waitFor();
  }, 60_000);

  it('switches between two accounts without a password, and shows the licences', async () => {
    const { page } = await openApp();
    const settings = async (tab: string): Promise<void> => {
      await page.keyboard.press('Control+,');
      await page.getByRole('tab', { name: tab }).click();
    };
    const online = (name: string): Promise<void> =>
      page.getByRole('navigation').getByText(name, { exact: true }).locator('..').getByText('Online').waitFor();
    await register(page, 'dora');
    await settings('Account');
    await page.getByRole('button', { name: 'Use another account' }).click();
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    await page.getByRole('textbox', { name: 'Username' }).fill('emil');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Repeat password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await online('emil');

    await page.keyboard.press('Control+k');
    await page.keyboard.type('continue as dora');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    await online('dora');

    await settings('Account');
    await page.getByRole('button', { name: /^Forget dora/ }).click();
    await page.getByRole('button', { name: 'Forget', exact: true }).click();
    await page.getByRole('button', { name: /^Continue as emil/ }).click();
    await online('emil');
    await settings('Account');
    expect(await page.getByRole('button', { name: /^(Continue as|Forget) dora/ }).count()).toBe(0);

    await page.getByRole('tab', { name: 'About' }).click();
    await page.getByRole('button', { name: 'Show the licences' }).click();
    await page.locator('summary', { hasText: 'markdown-it' }).waitFor();
    expect(await page.evaluate(() => globalThis.violations)).toEqual([]);
  });
});
