import { readFile } from 'node:fs/promises';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT } from '../../scripts/setup.mjs';
import { uiHeaders } from '../../src/host/windows/ui-files.ts';
import { describeInBrowser, launchBrowser, serveFolder } from '../support/browser.ts';
import { NOW, open } from './screens/screen.ts';
import { SETTINGS_SCREENS } from './screens/settings.ts';
import { START_SCREENS } from './screens/start.ts';
import { TALK_SCREENS } from './screens/talk.ts';
import { putDemoPage } from '../support/built-part.ts';
import { SUITE } from '../support/suite.ts';

const OUT = join(ROOT, 'build', 'screenshots');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const THEMES = ['light', 'dark'] as const;
/** The size that `npm test` shows in a theme, and only in one theme for each screen; `npm run test:all` shows all four. */
const USUAL_SIZE = { light: 'wide', dark: 'narrow' } as const;
const SIZES = { wide: { width: 1_280, height: 800 }, narrow: { width: 390, height: 780 } } as const;

describeInBrowser('Screens in a real browser', () => {
  let browser: Browser;
  let served: { origin: string; close(): Promise<void> };
  let folder: string;
  let axe: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aside-renderer-'));
    await putDemoPage(folder);
    await mkdir(OUT, { recursive: true });
    axe = await readFile(AXE, 'utf8');
    served = await serveFolder(folder, uiHeaders("'self'"));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await rm(folder, { recursive: true });
  });

  /** @returns what the browser complained of, from scripts to the content security policy */
  async function visit(
    query: string,
    size: keyof typeof SIZES,
    theme: 'light' | 'dark',
    use: (page: Page) => Promise<void>,
  ): Promise<string[]> {
    const context = await browser.newContext({
      viewport: SIZES[size],
      colorScheme: theme,
      reducedMotion: 'reduce',
      timezoneId: 'UTC',
      locale: 'en-GB',
    });
    const complaints: string[] = [];
    const page = await context.newPage();
    page.on('console', (said) => {
      if (said.type() === 'error' || said.type() === 'warning') complaints.push(said.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.clock.setFixedTime(NOW);
    await page.goto(`${served.origin}/demo.html?${query}`);
    await page.getByRole('heading').first().waitFor();
    try {
      await use(page);
    } finally {
      await context.close();
    }
    return complaints;
  }

  async function barriers(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    return page.evaluate(async () => {
      const { axe: checker } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
      };
      const { violations } = await checker.run();
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary.slice(0, 300)}`),
      );
    });
  }

  const screens = [...START_SCREENS, ...TALK_SCREENS, ...SETTINGS_SCREENS];
  for (const [place, { name, query = '', show }] of screens.entries()) {
    for (const theme of THEMES) {
      if (SUITE !== 'all' && theme !== THEMES[place % THEMES.length]) continue;
      it(`${name}, ${theme}: is accessible, wide and narrow`, async () => {
        for (const size of SUITE === 'all' ? (['wide', 'narrow'] as const) : [USUAL_SIZE[theme]]) {
          const found: string[] = [];
          const complaints = await visit(`${query}&theme=${theme}`, size, theme, async (page) => {
            await show?.(page);
            await page.evaluate(
              () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
            );
            await page.screenshot({ path: join(OUT, `${name}-${theme}-${size}.png`) });
            found.push(...(await barriers(page)));
            const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            expect(overflow, 'nothing sticks out at the side').toBeLessThanOrEqual(0);
            const large = await page.evaluate(
              () =>
                [...document.querySelectorAll('svg')].filter((one) => one.getBoundingClientRect().width > 64).length,
            );
            expect(large, 'icons stay small').toBe(name === 'safety-number' ? 1 : 0);
          });
          expect(found).toEqual([]);
          expect(complaints).toEqual([]);
        }
      });
    }
  }

  it('conversation with text at 200 % is accessible, and nothing is cut off', async () => {
    await visit('textSize=largest', 'wide', 'light', async (page) => {
      await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
      await open(page, 'hans');
      await page.screenshot({ path: join(OUT, 'conversation-200-percent.png') });
      expect(await barriers(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    });
  });

  it('conversation from right to left swaps the sides, and nothing overflows', async () => {
    await visit('dir=rtl', 'wide', 'light', async (page) => {
      await open(page, 'hans');
      await page.screenshot({ path: join(OUT, 'conversation-right-to-left.png') });
      const sidebar = await page.getByRole('navigation').boundingBox();
      expect(sidebar?.x).toBeGreaterThan(600);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    });
  });
});
