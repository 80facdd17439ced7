import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { demoWindow, openConversation } from '../support/demo-window.ts';

const WIDTHS = Array.from({ length: 20 }, (_one, step) => 360 + step * 57);
const MARKS = '\u0301'.repeat(27);

const put = (page: Page, text: string): Promise<void> =>
  page.evaluate((written) => {
    const shared = { conversation: '@hans', text: written, at: Date.now() };
    const status = { state: 'received' } as const;
    demoPort.put({ ...shared, position: 5_000, id: 'one', from: 'hans', to: 'kev', incoming: true, status });
    const delivered = { state: 'delivered' } as const;
    demoPort.put({
      ...shared,
      position: 5_001,
      id: 'two',
      from: 'kev',
      to: 'hans',
      incoming: false,
      status: delivered,
    });
  }, text);

describeInBrowser('Bubble of a message', () => {
  const { visit } = demoWindow();

  it('has the same box with and without the pointer on it, at every width of the window', async () => {
    await visit('', {}, async (page) => {
      await put(page, 'many words of a long message '.repeat(12));
      await openConversation(page, 'hans');
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        for (const position of [5_000, 5_001]) {
          const row = page.locator(`[data-position="${position}"]`);
          const bubble = row.locator('.bubble');
          const copy = row.getByRole('button', { name: 'Copy message', exact: true });
          await page.mouse.move(1, 1);
          await expect.poll(() => copy.count()).toBe(0);
          const before = await bubble.boundingBox();
          await bubble.hover();
          await copy.waitFor();
          expect(await bubble.boundingBox(), `width ${width}`).toEqual(before);
        }
      }
    });
  });

  it('clips marks that are stacked on its letters (G11)', async () => {
    await visit('', {}, async (page) => {
      await put(page, `Z${MARKS}a${MARKS}lgo`);
      await openConversation(page, 'hans');
      const bubble = page.locator('[data-position="5000"] .bubble');
      expect(await bubble.evaluate((one) => getComputedStyle(one).overflowY)).toBe('clip');
    });
  });
});
