import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { uiHeaders } from '../../src/host/windows/ui-files.ts';
import type { FakePort } from './demo-page/fake-port.ts';
import { launchBrowser, serveFolder } from './browser.ts';
import { putDemoPage } from './built-part.ts';

/** Functions of the demo page for its tests. */
declare global {
  var demoPort: FakePort;
}

interface DemoWindow {
  /**
   * Shows the window on a client in memory.
   * @param use given the page, and what the browser has complained of so far
   * @returns what the browser complained of
   */
  visit(
    query: string,
    options: BrowserContextOptions,
    use: (page: Page, complaints: readonly string[]) => Promise<void>,
  ): Promise<string[]>;
}

/** The window in a real browser, on a client in memory, for the tests of the block that this is called in. */
export function demoWindow(): DemoWindow {
  let browser: Browser;
  let served: { origin: string; close(): Promise<void> };
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aside-window-'));
    await putDemoPage(folder);
    served = await serveFolder(folder, uiHeaders("'self'"));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await rm(folder, { recursive: true });
  });
  return {
    visit: async (query, options, use) => {
      const context = await browser.newContext({
        viewport: { width: 1_280, height: 800 },
        reducedMotion: 'reduce',
        ...options,
      });
      const complaints: string[] = [];
      try {
        const page = await context.newPage();
        page.on('console', (said) => {
          if (said.type() === 'error' || said.type() === 'warning') complaints.push(said.text());
        });
        page.on('pageerror', (error) => complaints.push(error.message));
        page.on('dialog', (dialog) => {
          complaints.push(`a script ran: ${dialog.message()}`);
          void dialog.dismiss();
        });
        await page.goto(`${served.origin}/demo.html?${query}`);
        await page.getByRole('heading').first().waitFor();
        await use(page, complaints);
      } finally {
        await context.close();
      }
      return complaints;
    },
  };
}

/** Opens the conversation with a user by its entry in the list. */
export async function openConversation(page: Page, name: string): Promise<void> {
  await page
    .getByRole('navigation')
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .click();
}

/** The element with the focus: its label, else its text; `BODY` if no element has the focus. */
export function focusOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return 'BODY';
    return element.getAttribute('aria-label') ?? element.textContent ?? '';
  });
}

/** The names of everything that screen readers find in the page as it is now: nothing of what is inert. */
export async function heard(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  return nodes.filter(({ ignored }) => !ignored).map(({ name }) => String(name?.value ?? ''));
}
