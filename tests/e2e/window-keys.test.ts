import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { demoWindow, focusOf } from '../support/demo-window.ts';

describeInBrowser('Window by keyboard', () => {
  const { visit } = demoWindow();

  it('is used from sign-in to sign-out without a mouse (G6)', async () => {
    await visit('', {}, async (page, complaints) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('han');
      await page.keyboard.press('Enter');
      await page.getByRole('main', { name: 'Conversation with hans' }).waitFor();
      expect(await focusOf(page)).toBe('Message hans');
      await page.keyboard.type('written with keys alone');
      await page.keyboard.press('Enter');
      await page.getByRole('feed').getByText('written with keys alone').waitFor();
      await page.getByText('Delivered').last().waitFor();

      // Into the messages and up: each is told by who and when.
      await page.getByRole('feed').focus();
      await page.keyboard.press('ArrowUp');
      await expect.poll(() => focusOf(page)).toMatch(/^You, /);
      await page.keyboard.press('ArrowUp');
      await expect.poll(() => focusOf(page)).toMatch(/^hans, /);

      await page.keyboard.press('Alt+ArrowDown');
      await page.getByRole('main', { name: 'Conversation with kevin' }).waitFor();

      // The list of conversations is one stop of the Tab key, walked with arrows.
      await page
        .getByRole('navigation')
        .getByRole('button', { name: /^kevin/ })
        .focus();
      await page.keyboard.press('Home');
      expect(await focusOf(page)).toMatch(/^Everyone/);
      await page.keyboard.press('Enter');
      await page.getByRole('main', { name: 'Conversation with everyone' }).waitFor();

      await page.keyboard.press('Control+,');
      await page.keyboard.press('ArrowDown');
      await page.getByRole('tabpanel', { name: 'Notifications' }).waitFor();
      await page.keyboard.press('Escape');
      expect(await page.getByRole('dialog').count()).toBe(0);

      await page.keyboard.press('Control+k');
      await page.keyboard.type('sign out');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'Sign out?' }).waitFor();
      expect(await focusOf(page)).toBe('Cancel');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      const asked = await page.evaluate(() => demoPort.calls.some(({ name }) => name === 'session.signOut'));
      expect(asked).toBe(true);
      expect(complaints).toEqual([]);
    });
  });

  it('gives typed characters to the composer after a click into the messages (G13)', async () => {
    await visit('', {}, async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('han');
      await page.keyboard.press('Enter');
      await page.getByRole('main', { name: 'Conversation with hans' }).waitFor();
      const bubble = page.getByRole('article').last();
      await bubble.click();
      await page.keyboard.press('Delete');
      expect(await page.getByRole('dialog').count()).toBe(0);
      await page.keyboard.type('cats');
      expect(await focusOf(page)).toBe('Message hans');
      expect(await page.getByRole('textbox', { name: 'Message hans' }).inputValue()).toBe('cats');
      await bubble.click();
      await page.keyboard.press('Shift+A');
      expect(await page.getByRole('textbox', { name: 'Message hans' }).inputValue()).toBe('catsA');
    });
  });

  it('copies several messages with their names and times', async () => {
    await visit('', {}, async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('han');
      await page.keyboard.press('Enter');
      await page.getByRole('main', { name: 'Conversation with hans' }).waitFor();
      const copied = await page.evaluate(() => {
        const [first, last] = [...document.querySelectorAll('[data-index] .bubble')].slice(-2);
        if (first === undefined || last === undefined) throw new Error('no messages');
        getSelection()?.setBaseAndExtent(first, 0, last, last.childNodes.length);
        const event = new ClipboardEvent('copy', {
          clipboardData: new DataTransfer(),
          bubbles: true,
          cancelable: true,
        });
        last.dispatchEvent(event);
        return event.clipboardData?.getData('text/plain');
      });
      expect(copied).toMatch(/^hans, \S+\ntrying it now\n```ts\n[^]*\n\n(?:You|hans), \S+\n.*works!/);
    });
  });

  it('refuses a pasted text that is too long with a sentence, and stays usable', async () => {
    await visit('', {}, async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('han');
      await page.keyboard.press('Enter');
      const field = page.getByRole('textbox', { name: 'Message hans' });
      await field.fill('before');
      const paste = (text: string) =>
        field.evaluate((element, pasted) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData('text/plain', pasted);
          return element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
        }, text);
      expect(await paste('x'.repeat(1_000_000))).toBe(false);
      await page.getByRole('alert').getByText('too much text').waitFor();
      expect(await field.inputValue()).toBe('before');
      expect(await paste('x'.repeat(1_000))).toBe(true);
      await expect.poll(() => page.getByText('too much text').count()).toBe(0);
      await field.fill('half \uD83D sign');
      expect(await field.inputValue()).toBe('half \uFFFD sign');
    });
  });

  it('shows every stop of the Tab key (G6)', async () => {
    await visit('', {}, async (page) => {
      await page.getByRole('navigation').getByRole('button', { name: /^hans/ }).click();
      const unseen = new Set<string>();
      for (let stop = 0; stop < 30; stop++) {
        await page.keyboard.press('Tab');
        const place = await page.evaluate(() => {
          const element = document.activeElement;
          if (element === null || element === document.body) return undefined;
          const marked = [element, element.parentElement].some(
            (one) => one !== null && getComputedStyle(one).outlineStyle !== 'none',
          );
          return { name: element.getAttribute('aria-label') ?? element.textContent ?? '', marked };
        });
        if (place !== undefined && !place.marked) unseen.add(place.name);
      }
      expect([...unseen]).toEqual([]);
    });
  });
});
