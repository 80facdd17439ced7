import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { demoWindow, openConversation } from '../support/demo-window.ts';

describeInBrowser('Window with extreme values (G11)', () => {
  const { visit } = demoWindow();

  it('shows messages with every time, and keeps an error in its message', async () => {
    await visit('', {}, async (page) => {
      await page.evaluate(() => {
        const from = { conversation: '@hans', from: 'hans', to: 'kev', incoming: true } as const;
        const status = { state: 'received' } as const;
        for (const [place, at] of [Number.MAX_SAFE_INTEGER, -1, Number.NaN, Infinity].entries())
          demoPort.put({ ...from, position: 5_000 + place, id: `t${place}`, text: `at ${at}`, at, status });
        demoPort.put({ ...from, position: 6_000, id: 'planted', text: 5 as never, at: Date.now(), status });
      });
      await openConversation(page, 'hans');
      const feed = page.getByRole('feed');
      for (const at of ['9007199254740991', '-1', 'NaN', 'Infinity'])
        await feed.getByText(`at ${at}`, { exact: true }).waitFor();
      await feed.getByText('This message cannot be shown').waitFor();
      await feed.getByRole('button', { name: 'Hide this message' }).click();
      await expect.poll(() => feed.getByText('This message cannot be shown').count()).toBe(0);
      await page.getByRole('textbox', { name: /^Message/ }).fill('still here');
      await page.keyboard.press('Enter');
      await feed.getByText('still here').waitFor();
    });
  });
});
