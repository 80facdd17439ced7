import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { demoWindow, focusOf, heard, openConversation } from '../support/demo-window.ts';

const SETTINGS = 'Control+,';

const tab = async (page: Page, name: string) => {
  await page.keyboard.press(SETTINGS);
  await page.getByRole('tab', { name, exact: true }).click();
};
const about = async (page: Page, button: string) => {
  await openConversation(page, 'hans');
  const details = page.getByRole('button', { name: 'Details', exact: true });
  if (await details.isVisible()) await details.click();
  await page.getByRole('button', { name: button }).last().click();
};

/** Every dialog that there is, and how one gets there. */
const DIALOGS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  palette: (page) => page.keyboard.press('Control+k'),
  settings: (page) => page.keyboard.press(SETTINGS),
  account: (page) => tab(page, 'Account'),
  keys: (page) => page.keyboard.press('Control+/'),
  'look-back': (page) => page.getByRole('button', { name: 'Who was here' }).click(),
  'sign-out': async (page) => {
    await tab(page, 'Account');
    await page.getByRole('button', { name: 'Sign out' }).click();
  },
  'switch-account': async (page) => {
    await tab(page, 'Account');
    await page.getByRole('button', { name: /^Continue as kev at lab/ }).click();
  },
  'forget-account': async (page) => {
    await tab(page, 'Account');
    await page.getByRole('button', { name: /^Forget kev at chat/ }).click();
  },
  'delete-history': async (page) => {
    await tab(page, 'History');
    await page.getByRole('button', { name: 'Delete…' }).click();
  },
  block: (page) => about(page, 'Block hans'),
  'ask-aside': async (page) => {
    await openConversation(page, 'hans');
    await page.getByRole('button', { name: 'Talk aside' }).click();
  },
  link: async (page) => {
    await openConversation(page, 'hans');
    await page.getByRole('link', { name: /git.example.net/ }).click();
  },
  'delete-message': async (page) => {
    await openConversation(page, 'hans');
    await page.getByRole('feed').focus();
    await page.keyboard.press('ArrowUp');
    await page.getByRole('article').last().getByRole('button', { name: 'Delete here' }).click();
  },
  'sign-in-again': async (page) => {
    await openConversation(page, 'hans');
    await page.evaluate(() =>
      demoPort.emit('connection.changed', { connection: { state: 'signed-out', reason: 'timed-out' } }),
    );
    await page.getByRole('button', { name: 'I am back' }).click();
  },
};

/** The names of those elements of the top-most dialog that cannot be brought into sight, or are cut off at a side. */
function outOfReach(page: Page): Promise<string[]> {
  return page
    .getByRole('dialog')
    .last()
    .evaluate((dialog) => {
      const lost: string[] = [];
      // A script can scroll even an area that a user cannot.
      for (const box of [dialog, ...dialog.querySelectorAll('div')]) {
        const cut = getComputedStyle(box).overflowY === 'hidden' && box.scrollHeight > box.clientHeight + 1;
        if (cut && box.querySelector('button, input') !== null) lost.push(`cut off: ${box.className}`);
      }
      for (const one of dialog.querySelectorAll<HTMLElement>('h2, h3, button, input, p, a, [role=option]')) {
        if (!one.checkVisibility() || one.closest('.sr-only') !== null) continue;
        one.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        const { left, right, top, bottom } = one.getBoundingClientRect();
        const place = [
          (Math.max(left, 0) + Math.min(right, innerWidth)) / 2,
          (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2,
        ] as const;
        const hit = document.elementFromPoint(...place);
        const seen =
          hit !== null && (one.contains(hit) || hit.contains(one) || one.closest('label')?.contains(hit) === true);
        if (!seen || left < -1 || right > innerWidth + 1)
          lost.push(one.getAttribute('aria-label') ?? one.textContent ?? one.tagName);
      }
      return lost;
    });
}

/** Whether the words can be seen: nothing lies over them. */
function onTop(page: Page, words: string): Promise<boolean> {
  return page.evaluate((text) => {
    const found = [...document.querySelectorAll('p')].find((one) => one.textContent === text);
    if (found === undefined) return false;
    const { left, top, width, height } = found.getBoundingClientRect();
    return document.elementFromPoint(left + width / 2, top + height / 2) === found;
  }, words);
}

describeInBrowser('Dialogs in a real browser', () => {
  const { visit } = demoWindow();

  it('show the result of an action above themselves and announce it (G6)', async () => {
    await visit('', {}, async (page) => {
      await tab(page, 'Account');
      await page.getByLabel('Current password').fill('a password of mine');
      await page.getByLabel('New password', { exact: true }).fill('a better password');
      await page.getByLabel('Repeat new password').fill('a better password');
      await page.getByRole('button', { name: 'Change password' }).click();
      await page.getByText('Password changed.').first().waitFor();
      expect(await onTop(page, 'Password changed.')).toBe(true);
      const log = page.getByRole('dialog').getByRole('log');
      await expect.poll(() => log.textContent()).toBe('Password changed.');
      expect(await heard(page)).toContain('Password changed.');
      await page.getByRole('button', { name: 'Dismiss' }).click();
      expect(await page.getByRole('dialog', { name: 'Settings' }).count()).toBe(1);

      // The same where something fails, and back in the window once there is no dialog.
      await page.evaluate(() =>
        demoPort.answer('blacklist.remove', () => ({ ok: false, failure: { reason: 'storage' } })),
      );
      await page.getByRole('tab', { name: 'Blocked users' }).click();
      await page
        .getByRole('button', { name: /^Unblock/ })
        .first()
        .click();
      const failed = 'The server could not store this. Nothing was changed; try again later.';
      await page.getByText(failed).first().waitFor();
      expect(await onTop(page, failed)).toBe(true);
      await page.keyboard.press('Escape');
      await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
      expect(await onTop(page, failed)).toBe(true);
      // And is not said again.
      expect((await page.getByRole('log').last().textContent())?.trim()).toBe('');
    });
  });

  it('are covered by the message that the host is gone (G7)', async () => {
    await visit('', {}, async (page) => {
      await page.keyboard.press(SETTINGS);
      await page.evaluate(() => demoPort.setLink('lost'));
      await page.getByRole('alert').waitFor();
      expect(
        await onTop(page, 'This window continues automatically when Aside runs again. Your unsent text is still here.'),
      ).toBe(true);
    });
  });

  for (const [name, show] of Object.entries(DIALOGS)) {
    it(`keep title, close button and actions reachable with large text in a small window: ${name} (G6)`, async () => {
      for (const [width, height, size] of [
        [640, 400, '135%'],
        [420, 400, '200%'],
      ] as const) {
        await visit('', { viewport: { width: 1_280, height: 800 } }, async (page) => {
          await show(page);
          await page.getByRole('dialog').first().waitFor();
          await page.setViewportSize({ width, height });
          await page.evaluate((wanted) => (document.documentElement.style.fontSize = wanted), size);
          const box = await page.getByRole('dialog').last().boundingBox();
          expect(box?.y).toBeGreaterThanOrEqual(0);
          expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(height);
          expect(await outOfReach(page)).toEqual([]);
        });
      }
    });
  }

  it('stay open when a press begins inside and ends outside, and close on a press outside', async () => {
    await visit('', {}, async (page) => {
      await page.keyboard.press(SETTINGS);
      const dialog = page.getByRole('dialog', { name: 'Settings' });
      const heading = dialog.getByRole('heading', { name: 'Settings' });
      await heading.hover();
      await page.mouse.down();
      await page.mouse.move(20, 20);
      await page.mouse.up();
      expect(await dialog.count()).toBe(1);
      await page.mouse.move(20, 20);
      await page.mouse.down();
      await heading.hover();
      await page.mouse.up();
      expect(await dialog.count()).toBe(1);
      await page.mouse.click(20, 20);
      await expect.poll(() => dialog.count()).toBe(0);
    });
  });

  it('return the focus to the element that had it (G6)', async () => {
    await visit('', {}, async (page) => {
      await openConversation(page, 'hans');
      await page.getByRole('button', { name: 'Talk aside' }).click();
      await page.keyboard.press('Escape');
      await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
      expect(await focusOf(page)).toBe('Talk aside');
    });
  });
});
