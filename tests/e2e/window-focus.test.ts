import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { demoWindow, focusOf, heard, openConversation } from '../support/demo-window.ts';

const NARROW = { viewport: { width: 420, height: 800 } };

const connection = (page: Page, value: object) =>
  page.evaluate((state) => demoPort.emit('connection.changed', { connection: state as never }), value);

describeInBrowser('Focus in a real browser', () => {
  const { visit } = demoWindow();

  it('moves from a closed search to the composer, else to the list (G6)', async () => {
    await visit('', {}, async (page) => {
      await page.keyboard.press('Control+Shift+f');
      await expect.poll(() => focusOf(page)).toBe('Words, or parts of words');
      await page.keyboard.press('Escape');
      await expect.poll(() => focusOf(page)).toMatch(/^Everyone|^hans|^[a-z]/);
      expect(await page.evaluate(() => document.activeElement?.closest('nav') !== null)).toBe(true);

      await openConversation(page, 'hans');
      await expect.poll(() => focusOf(page)).toBe('Message hans');
      await page.keyboard.press('Control+f');
      await expect.poll(() => focusOf(page)).toBe('Words, or parts of words');
      await page.keyboard.press('Escape');
      await expect.poll(() => focusOf(page)).toBe('Message hans');
      await page.keyboard.press('Control+f');
      await page.getByRole('button', { name: 'Close search' }).click();
      await expect.poll(() => focusOf(page)).toBe('Message hans');
    });
  });

  it('moves with the caret to another conversation through the palette (G6)', async () => {
    await visit('', { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
      await openConversation(page, 'hans');
      await expect.poll(() => focusOf(page)).toBe('Message hans');
      await page.evaluate(() => navigator.clipboard.writeText('psst'));
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('kevin');
      await page.keyboard.press('Enter');
      await expect.poll(() => focusOf(page)).toBe('Message kevin');
      await page.keyboard.press('Control+v');
      await expect.poll(() => page.getByRole('textbox', { name: 'Message kevin' }).inputValue()).toBe('psst');
    });
  });

  it('moves from a closed conversation to the list in a narrow window (G6)', async () => {
    await visit('', NARROW, async (page) => {
      await openConversation(page, 'hans');
      await page.getByRole('button', { name: 'Back' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('navigation').waitFor();
      await expect.poll(() => page.evaluate(() => document.activeElement?.closest('nav') !== null)).toBe(true);
      expect(await focusOf(page)).not.toBe('BODY');
    });
  });

  it('is in the composer after signing in again (B5, G6)', async () => {
    await visit('', {}, async (page) => {
      await openConversation(page, 'hans');
      await connection(page, { state: 'signed-out', reason: 'timed-out' });
      await page.getByRole('button', { name: 'I am back' }).click();
      await page.getByLabel('Password', { exact: true }).fill('right password');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
      await connection(page, { state: 'online', since: Date.now() });
      await expect.poll(() => page.getByRole('button', { name: 'I am back' }).count()).toBe(0);
      await expect.poll(() => focusOf(page)).toBe('Message hans');
    });
  });

  it('stays in the settings when the focused element is removed (G6)', async () => {
    await visit('', {}, async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('tab', { name: 'Blocked users' }).click();
      await page
        .getByRole('button', { name: /^Unblock/ })
        .first()
        .click();
      await page.evaluate(() => demoPort.emit('blacklist.replaced', { users: [] }));
      await page.getByText('You have not blocked any users.').waitFor();
      await expect.poll(() => focusOf(page)).toBe('Blocked users');
    });
  });

  it('stays in its place when the user clicks on an empty area', async () => {
    await visit('', {}, async (page) => {
      await openConversation(page, 'hans');
      await page.getByRole('button', { name: 'Search in this conversation' }).focus();
      await page.getByRole('heading', { name: 'hans' }).first().click();
      await page.evaluate(() => demoPort.emit('people.replaced', { people: [] }));
      await page.getByText('Offline').first().waitFor();
      expect(await focusOf(page)).toBe('BODY');
    });
  });

  it('stays in the drawer, a dialog with a close button, and returns to the element that opened it (G6)', async () => {
    await visit('', NARROW, async (page) => {
      await openConversation(page, 'hans');
      const details = page.getByRole('button', { name: 'Details', exact: true });
      await details.click();
      const drawer = page.getByRole('dialog', { name: 'Details' });
      await drawer.waitFor();
      expect(await focusOf(page)).toBe('Close');
      for (let stop = 0; stop < 25; stop++) {
        await page.keyboard.press('Tab');
        const inside = await page.evaluate(
          () => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null,
        );
        expect(inside).toBe(true);
      }
      // Screen readers don't see the content under the dialog.
      expect(await heard(page)).not.toContain('Message hans');
      await page.getByRole('button', { name: 'Close' }).press('Escape');
      await expect.poll(() => drawer.count()).toBe(0);
      expect(await focusOf(page)).toBe('Details');

      await details.click();
      await page.getByRole('button', { name: 'Close' }).click();
      await expect.poll(() => drawer.count()).toBe(0);
      await details.click();
      await page.mouse.click(10, 400);
      await expect.poll(() => drawer.count()).toBe(0);

      // One over the other: the question of blocking lies over the drawer, and leads back into it.
      await details.click();
      await page.getByRole('button', { name: 'Block hans' }).click();
      await page.getByRole('dialog', { name: 'Block hans?' }).waitFor();
      await page.keyboard.press('Escape');
      await expect.poll(() => page.getByRole('dialog', { name: 'Block hans?' }).count()).toBe(0);
      expect(await focusOf(page)).toBe('Block hans');
    });
  });

  it('stays in the drawer of the search, which is a column in a wide window (G6)', async () => {
    await visit('', NARROW, async (page) => {
      await openConversation(page, 'hans');
      await page.keyboard.press('Control+f');
      await expect.poll(() => focusOf(page)).toBe('Words, or parts of words');
      expect(await page.getByRole('dialog', { name: 'Search messages' }).count()).toBe(1);
      await page.keyboard.type('the');
      await page.setViewportSize({ width: 1_280, height: 800 });
      await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
      expect(await page.getByRole('searchbox').inputValue()).toBe('the');
      await page.setViewportSize({ width: 420, height: 800 });
      await page.getByRole('dialog', { name: 'Search messages' }).waitFor();
      await page.keyboard.press('Escape');
      await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
      await expect.poll(() => focusOf(page)).not.toBe('BODY');
    });
  });
});
