import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { demoWindow } from '../support/demo-window.ts';

describeInBrowser('Layout of a conversation', () => {
  const { visit } = demoWindow();

  it.each([1_800, 1_280, 700, 420])(
    'has few messages next to a field as wide as their column, and no notice over either, in %d px (G2)',
    async (width) => {
      await visit('', {}, async (page) => {
        await page.setViewportSize({ width, height: 800 });
        await page.getByRole('navigation').getByRole('button', { name: /^leia/ }).click();
        await page.evaluate(() => {
          const own = { conversation: '@leia', from: 'kev', to: 'leia', incoming: false };
          const status = { state: 'delivered' } as const;
          demoPort.add({ ...own, id: 'newest', position: 9_000, text: 'the newest', at: Date.now(), status });
        });
        const newest = page.getByRole('feed').getByRole('article').last();
        await newest.getByText('the newest').waitFor();
        const box = async (of: typeof newest) => {
          const found = await of.boundingBox();
          if (found === null) throw new Error('not on the screen');
          return { ...found, right: found.x + found.width, bottom: found.y + found.height };
        };
        const feed = await box(page.getByRole('feed'));
        const field = page.locator('main textarea').locator('..');
        await expect.poll(async () => feed.bottom - (await box(newest)).bottom).toBeLessThan(40);
        const [column, writing] = [await box(newest), await box(field)];
        expect(Math.abs(writing.x - column.x)).toBeLessThanOrEqual(1);
        expect(Math.abs(writing.right - column.right)).toBeLessThanOrEqual(1);

        await newest.hover();
        await newest.getByRole('button', { name: 'Copy message' }).click();
        const notice = page.getByRole('button', { name: 'Dismiss' }).locator('..');
        await notice.waitFor();
        const { bottom } = await box(notice);
        expect(bottom).toBeLessThan(column.y);
      });
    },
  );
});
