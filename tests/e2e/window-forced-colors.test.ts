import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { ROOT } from '../../scripts/setup.mjs';
import { describeInBrowser } from '../support/browser.ts';
import { demoWindow, openConversation } from '../support/demo-window.ts';

const OUT = join(ROOT, 'build/screenshots');

const style = (one: Locator, property: string) =>
  one.evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
const ground = (one: Locator) => style(one, 'background-color');
const edge = async (one: Locator) => ({
  width: Number.parseFloat(await style(one, 'border-top-width')),
  colour: await style(one, 'border-top-color'),
});

/** Elements that only an edge tells apart: each has one, in another colour than its surroundings. */
async function framed(page: Page, one: Locator): Promise<boolean> {
  const { width, colour } = await edge(one);
  return width >= 1 && colour !== (await ground(page.locator('body')));
}

describeInBrowser('Forced colours of the system', () => {
  const { visit } = demoWindow();
  beforeAll(() => mkdir(OUT, { recursive: true }).then(() => undefined));

  for (const theme of ['light', 'dark'] as const) {
    const options = { forcedColors: 'active', colorScheme: theme } as const;

    it(`keep bubbles, buttons, dots and selections distinguishable, ${theme} (G6)`, async () => {
      await visit(`theme=${theme}`, options, async (page) => {
        await openConversation(page, 'hans');
        await page.getByRole('article').last().waitFor();
        await page.screenshot({ path: join(OUT, `forced-${theme}-conversation.png`) });
        const list = page.getByRole('navigation');
        expect(await framed(page, page.locator('.bubble').first())).toBe(true);
        for (const name of ['Send', 'Talk aside', 'Emoji']) {
          expect(await framed(page, page.getByRole('button', { name, exact: true }))).toBe(true);
        }
        const chosen = list.getByRole('button', { name: /^hans/ });
        const other = list.getByRole('button', { name: /^kevin/ });
        expect(await ground(chosen)).not.toBe(await ground(page.locator('body')));
        expect(await ground(chosen)).not.toBe(await ground(other));
        expect(await style(chosen.getByText('hans', { exact: true }), 'color')).toBe(await style(chosen, 'color'));
        const here = list.locator('[data-online=true]').last();
        const away = list.locator('[data-online=false]').last();
        expect(await ground(here)).not.toBe(await ground(away));
        const bars = page.locator('.bar-track > span').first();
        await bars.waitFor();
        expect(await ground(bars)).not.toBe(await ground(page.locator('.bar-track').first()));
      });
    });

    it(`keep a private session distinguishable, ${theme} (G3)`, async () => {
      await visit(`world=aside&theme=${theme}`, options, async (page) => {
        await openConversation(page, 'hans');
        const aside = page.getByRole('main');
        await aside.locator('.bubble').last().waitFor();
        await page.screenshot({ path: join(OUT, `forced-${theme}-private.png`) });
        const seen = { ...(await edge(aside)), head: await ground(aside.locator('header')) };
        await page.getByRole('button', { name: 'Through the server' }).click();
        await page.getByRole('feed').waitFor();
        const ordinary = { ...(await edge(aside)), head: await ground(aside.locator('header')) };
        expect(seen.width).toBeGreaterThanOrEqual(3);
        expect(ordinary.width).toBe(0);
        expect(seen.head).not.toBe(ordinary.head);
      });
    });

    it(`keep the chosen settings visible and the QR code of a safety number readable, ${theme} (G6)`, async () => {
      await visit(`world=aside&theme=${theme}`, options, async (page) => {
        await page.keyboard.press('Control+,');
        const tabs = page.getByRole('tab');
        await page.screenshot({ path: join(OUT, `forced-${theme}-settings.png`) });
        const around = await ground(page.locator('body'));
        expect(await ground(tabs.first())).not.toBe(around);
        expect(await ground(tabs.last())).not.toBe(await ground(tabs.first()));
        const choice = page.locator('label:has(:checked)').first();
        expect(await ground(choice)).not.toBe(around);
        expect(await ground(choice)).not.toBe(await ground(page.locator('label:not(:has(:checked))').first()));
        await page.keyboard.press('Escape');
        await openConversation(page, 'hans');
        await page.getByRole('button', { name: 'Compare' }).first().click();
        const picture = page.getByRole('img', { name: /QR/ });
        expect(await ground(picture)).toBe('rgb(255, 255, 255)');
        expect(await style(picture.locator('path'), 'fill')).toBe('rgb(0, 0, 0)');
      });
    });
  }
});
