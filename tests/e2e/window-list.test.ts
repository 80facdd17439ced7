import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { demoWindow, focusOf } from '../support/demo-window.ts';

describeInBrowser('List of conversations', () => {
  const { visit } = demoWindow();

  it('renders only the visible ones of 500 conversations, and reaches all by keyboard (G2, G6)', async () => {
    await visit('world=empty', {}, async (page, complaints) => {
      await page.evaluate(() => {
        demoPort.emit('people.replaced', { people: [] });
        for (let n = 0; n < 500; n++) {
          const name = `person${n}`;
          const common = { id: `x${n}`, incoming: true, text: `words of ${name}`, at: Date.now() } as const;
          const status = { state: 'received' } as const;
          demoPort.add({ ...common, position: n + 1, conversation: `@${name}`, from: name, to: 'kev', status });
        }
      });
      const list = page.getByRole('navigation');
      const newest = list.getByRole('button', { name: /^person499\b/ });
      await newest.waitFor();
      expect(await list.locator('*').count()).toBeLessThan(500);
      expect(await list.getByRole('listitem').first().getAttribute('aria-setsize')).toBe('501');

      await newest.focus();
      for (let press = 0; press < 40; press++) await page.keyboard.press('ArrowDown');
      expect(await focusOf(page)).toContain('words of person459');
      expect(await list.getByRole('button', { name: /^person459\b/ }).isVisible()).toBe(true);
      await page.keyboard.press('End');
      expect(await focusOf(page)).toContain('words of person0');
      await page.keyboard.press('ArrowUp');
      expect(await focusOf(page)).toContain('words of person1');
      await page.keyboard.press('Enter');
      await page.getByRole('main', { name: 'Conversation with person1' }).waitFor();
      await list.getByRole('button', { name: /^person1\b/ }).focus();
      await page.keyboard.press('Home');
      expect(await focusOf(page)).toMatch(/^Everyone/);
      expect(await list.locator('*').count()).toBeLessThan(500);
      expect(complaints).toEqual([]);
    });
  });
});
