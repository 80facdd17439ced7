import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { LINE_FAULTS } from '../../src/shared/client-api/contract.ts';
import { describeInBrowser } from '../support/browser.ts';
import { demoWindow } from '../support/demo-window.ts';
import { hostileTexts, tracesOfCode } from '../support/hostile-texts.ts';

/** Names and figures of the demo world. */
const DATA =
  /^(kev|hans|kevin|leia|obiwan|yoda|darth|[A-Z]{1,2}|[\d:·\s+–.,-]+|Ctrl K|chat\.example\.net.*|0\.1\.0|Aside)$/i;

/** Visible or announced texts that are neither from the catalogue nor data. */
const strangeIn = (page: Page): Promise<string[]> =>
  page.evaluate((pattern) => {
    const allowed = new RegExp(pattern, 'i');
    const found: string[] = [];
    const look = (text: string | null | undefined) => {
      let rest = text ?? '';
      // A text of the catalogue may contain another, such as the name of a key.
      for (let before; before !== rest; ) {
        before = rest;
        rest = rest.replaceAll(/⟦[^⟦⟧]*⟧/g, '').trim();
      }
      if (/\p{L}/u.test(rest) && !allowed.test(rest)) found.push(rest);
    };
    const walker = document.createTreeWalker(document.querySelector('#root') ?? document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() !== null) {
      const { parentElement } = walker.currentNode;
      // Messages of users, and times, are data.
      if (parentElement?.closest('.bubble, [dir], svg, kbd, code, [data-entry]') === null)
        look(walker.currentNode.textContent);
    }
    for (const element of document.querySelectorAll('#root *')) {
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) look(element.getAttribute(name));
    }
    return found;
  }, DATA.source);

describeInBrowser('Window', () => {
  const { visit } = demoWindow();

  it('shows 1,000 hostile texts as text: in messages, names, notes and private words', async () => {
    const texts = hostileTexts(1_000);
    await visit('', {}, async (page, complaints) => {
      await page.getByRole('navigation').getByRole('button', { name: /^hans/ }).click();
      await page.getByRole('feed').getByRole('article').last().waitFor();
      for (let from = 0; from < texts.length; from += 50) {
        const batch = texts.slice(from, from + 50);
        await page.evaluate(
          async ({ given, first }) => {
            for (const [place, text] of given.entries()) {
              const position = 10_000 + first + place;
              const common = {
                id: `x${position}`,
                incoming: true,
                text,
                at: Date.now(),
                status: { state: 'received' },
              } as const;
              demoPort.add({ ...common, position, conversation: '@hans', from: 'hans', to: 'kev' });
              demoPort.add({ ...common, position: position + 100_000, conversation: '#everyone', from: text });
              demoPort.emit('presence.changed', { username: text, online: true, at: Date.now() });
              if (place % 10 === 0) {
                const keep = { own: false, peer: false };
                const state = { state: 'asked', expiresAt: Date.now() + 60_000, note: text, trust: 'new' } as const;
                demoPort.emit('private.changed', {
                  session: { sid: `x${position}`, username: text, initiator: false, state, keep },
                });
              }
            }
            await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
          },
          { given: batch, first: from },
        );
        // Each batch ends in sight, so that its last texts are really rendered.
        const last = batch.at(-1) ?? '';
        const words = (last.match(/\w+/g) ?? []).slice(0, 1).join('');
        await expect.poll(() => page.getByRole('feed').getByRole('article').last().textContent()).toContain(words);
      }
      const foreign = await tracesOfCode(page, 'form');
      expect(foreign).toEqual({ elements: 0, handlers: 0, links: 0, ran: false });
      expect(complaints).toEqual([]);
    });
  });

  it('shows only texts of its catalogue (G6)', async () => {
    await visit('locale=pseudo&world=aside', {}, async (page) => {
      const strange = () => strangeIn(page);
      const all: string[] = [];
      all.push(...(await strange()));
      await page.getByRole('navigation').getByRole('button', { name: /^hans/ }).click();
      await page.getByRole('log').first().waitFor();
      all.push(...(await strange()));
      for (let tab = 0; tab < 8; tab++) {
        if (tab === 0) await page.keyboard.press('Control+,');
        else await page.keyboard.press('ArrowDown');
        await page.getByRole('tabpanel').waitFor();
        all.push(...(await strange()));
      }
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      all.push(...(await strange()));
      expect(all.filter((text) => !/^(MIT|SHA-256)/.test(text))).toEqual([]);
    });
    await visit('locale=pseudo&world=morning', {}, async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('tab').nth(4).click();
      // No more than are shown at once; the last one is found by the page itself.
      const half = LINE_FAULTS.length / 2;
      for (const [batch, line] of [
        [LINE_FAULTS.slice(0, half), 'x'] as const,
        [LINE_FAULTS.slice(half), 'x'] as const,
        [[], 'x'.repeat(100_001)] as const,
      ]) {
        await page.evaluate((reasons) => {
          demoPort.answer('history.import', ({ lines }) => {
            const faults = lines.length === 0 ? [] : reasons.map((reason, n) => ({ line: n + 2, reason }));
            return { ok: true, result: { added: 0, repeated: 0, faults, place: 0 } };
          });
        }, batch);
        const buffer = Buffer.from(`{"aside":"history","version":1}\n${line}`);
        await page.locator('input[type=file]').setInputFiles({ name: 'a.jsonl', mimeType: 'text/plain', buffer });
        const told = page.getByRole('status').getByRole('listitem');
        await expect.poll(() => told.count()).toBe(Math.max(1, batch.length));
        // The sentence with the number of the line, and the reason in it, each from the catalogue.
        for (const text of await told.allInnerTexts()) expect(text).toMatch(/^⟦[^⟦⟧]*⟦[^⟧]+⟧/);
        expect(await strangeIn(page)).toEqual([]);
      }
    });
    await visit('locale=pseudo&world=first', {}, async (page) => {
      const text = await page.locator('#root').innerText();
      expect(text.replaceAll(/⟦[^⟧]*⟧/g, '').trim()).toBe('');
    });
  });
});
