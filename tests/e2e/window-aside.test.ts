import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { demoWindow, focusOf } from '../support/demo-window.ts';

describeInBrowser('Private sessions in the window', () => {
  const { visit } = demoWindow();

  it('show a request once and visibly, wide or narrow, in a conversation or not (F1)', async () => {
    await visit('', {}, async (page, complaints) => {
      const ask = (username: string) =>
        page.evaluate(
          (name) =>
            demoPort.emit('private.changed', {
              session: {
                sid: `s-${name}`,
                username: name,
                initiator: false,
                state: { state: 'asked', expiresAt: Date.now() + 60_000, trust: 'known' },
                keep: { own: false, peer: false },
              },
            }),
          username,
        );
      await page.getByRole('button', { name: /^hans/ }).click();
      await ask('kevin');
      const accept = page
        .getByRole('list', { name: 'Requests to talk aside' })
        .getByRole('button', { name: 'Accept', exact: true });
      for (const [width, list] of [
        [1_280, true],
        [420, false],
      ] as const) {
        await page.setViewportSize({ width, height: 800 });
        await expect.poll(() => page.getByRole('button', { name: 'Settings' }).isVisible()).toBe(list);
        expect(await accept.count()).toBe(1);
        // The button itself is what a click there would meet.
        await accept.click({ trial: true });
        await page.getByRole('textbox', { name: 'Message hans' }).click({ trial: true });
      }
      await page.getByRole('button', { name: 'Back' }).click();
      await accept.click({ trial: true });
      await page.getByRole('button', { name: /^hans/ }).click();
      await accept.click();
      await page.getByRole('main', { name: 'Private conversation with kevin' }).waitFor();
      expect(await page.getByRole('navigation').isVisible()).toBe(false);
      expect(complaints).toEqual([]);
    });
  });

  it('show every message, keep the newest in sight, and scroll back to it (F4, F7, G3)', async () => {
    await visit('world=aside', {}, async (page, complaints) => {
      await page.getByRole('button', { name: /^hans/ }).click();
      for (const width of [1_280, 380]) {
        await page.setViewportSize({ width, height: 780 });
        const status = page.getByRole('main').getByText('Private · direct · encrypted · not saved');
        expect(await status.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
        await page.getByRole('button', { name: 'Search in this conversation' }).click({ trial: true });
        await page
          .getByRole('button', { name: /details/i })
          .filter({ visible: true })
          .click({ trial: true });
      }
      await page.setViewportSize({ width: 1_280, height: 780 });
      await page.evaluate(() => {
        for (let n = 0; n < 60; n++) {
          const message = { id: `l${n}`, sid: 's-hans', username: 'hans', incoming: true, text: `line ${n}` };
          const at = Date.now() - (n < 30 ? 86_400_000 : 0) + n;
          demoPort.emit('private.message', { message: { ...message, at }, keep: false });
        }
      });
      const log = page.getByRole('log', { name: /^Private/ });
      const below = () => log.evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop);
      await expect.poll(below).toBeLessThan(2);
      await page.getByRole('textbox', { name: /^Only hans/ }).fill('one\ntwo\nthree\nfour\nfive');
      await expect.poll(below).toBeLessThan(2);
      await expect.poll(() => log.getByText('Yesterday').count()).toBe(1);
      expect(await page.getByRole('button', { name: 'To the newest message' }).count()).toBe(0);
      await log.evaluate((element) => element.scrollTo(0, 0));
      await page.getByRole('button', { name: 'To the newest message' }).click();
      await expect.poll(below).toBeLessThan(2);
      await expect.poll(() => page.getByRole('button', { name: 'To the newest message' }).count()).toBe(0);
      expect(await focusOf(page)).toBe('Private conversation with hans');
      expect(complaints).toEqual([]);
    });
  });
});
