import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { demoWindow } from '../support/demo-window.ts';

const LONG = 'W'.repeat(32);
const HEBREW = 'שלום';

/** A user sends a message, asks to talk aside, or talks aside. */
const meet = (page: Page, username: string, how: 'asks' | 'talks') =>
  page.evaluate(
    ([name, state]) => {
      const at = Date.now();
      const conversation = `@${name?.toLowerCase()}`;
      const status = { state: 'received' } as const;
      demoPort.emit('presence.changed', { username: name, online: true, at });
      demoPort.add({
        position: 901,
        id: 'n',
        conversation,
        from: name,
        to: 'kev',
        incoming: true,
        text: 'hello',
        at,
        status,
      });
      const keep = { own: false, peer: false };
      const session = { sid: 'n', username: name, initiator: false, keep };
      const note = 'a line that goes with the question and is about as long as such lines are allowed to be '.repeat(3);
      demoPort.emit('private.changed', {
        session:
          state === 'asks'
            ? { ...session, state: { state: 'asked', expiresAt: at + 60_000, note, trust: 'known' } }
            : {
                ...session,
                state: { state: 'open', path: { kind: 'direct-lan', address: '127.0.0.1' }, trust: 'known' },
              },
      });
      if (state === 'talks') {
        demoPort.emit('private.message', {
          message: { sid: 'n', username: name, id: 'm', incoming: true, text: 'psst', at, delivered: true },
          keep: false,
        } as never);
      }
    },
    [username, how] as const,
  );
const open = (page: Page, name: string) =>
  page.getByRole('navigation').getByRole('listitem').getByRole('button', { name }).first().click();

/** Left and right edge of some words on the screen. */
const placeOf = (within: Locator, words: string) =>
  within.evaluate((root, wanted) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const from = node.textContent?.indexOf(wanted) ?? -1;
      if (from < 0) continue;
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, from + wanted.length);
      const { left, right } = range.getBoundingClientRect();
      return { left, right };
    }
    throw new Error(`no ${wanted}`);
  }, words);

const inside = async (one: Locator, around: Locator) => {
  const [inner, outer] = [await one.boundingBox(), await around.boundingBox()];
  if (inner === null || outer === null) throw new Error('nowhere');
  return inner.x >= outer.x - 1 && inner.x + inner.width <= outer.x + outer.width + 1;
};

describeInBrowser('Names in a real browser', () => {
  const { visit } = demoWindow();

  for (const width of [1_280, 420]) {
    it(`of the greatest length cut nothing off, ${width} pixels wide (B1, F1)`, async () => {
      const options = { viewport: { width, height: 800 } };
      await visit('', options, async (page) => {
        await meet(page, LONG, 'asks');
        const requests = page.getByRole('list', { name: 'Requests to talk aside' });
        const card = requests.getByRole('listitem');
        const sidebar = page.getByRole('navigation');
        for (const one of [card, card.getByRole('timer'), card.getByRole('paragraph').last()]) {
          expect(await inside(one, sidebar)).toBe(true);
        }
        expect(await requests.evaluate((list) => list.scrollWidth - list.clientWidth)).toBe(0);
      });
      await visit('', options, async (page) => {
        await meet(page, LONG, 'talks');
        const badge = page.getByRole('navigation').getByText('Aside', { exact: true });
        const entry = page.getByRole('navigation').getByRole('listitem').filter({ hasText: LONG }).first();
        expect(await inside(badge, entry)).toBe(true);
        const cut = await badge.evaluate((one) => {
          const { left, width, top, height } = one.getBoundingClientRect();
          return document.elementFromPoint(left + width / 2, top + height / 2) !== one;
        });
        expect(cut).toBe(false);
        await open(page, LONG);
        const log = page.getByRole('log', { name: /^Private/ });
        await log.getByText('127.0.0.1').waitFor();
        expect(await log.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      });
    });
  }

  it('from right to left keep the order of the text beside them', async () => {
    await visit('', {}, async (page) => {
      await meet(page, HEBREW, 'talks');
      await open(page, HEBREW);
      const line = page
        .getByRole('log', { name: /^Private/ })
        .getByRole('paragraph')
        .filter({ hasText: /·/ });
      expect((await placeOf(line, HEBREW)).right).toBeLessThanOrEqual((await placeOf(line, '·')).left + 1);
      await page.getByRole('button', { name: 'Through the server' }).click();
      const meta = page.getByRole('article').getByRole('paragraph').filter({ hasText: /·/ });
      await meta.waitFor();
      expect((await placeOf(meta, HEBREW)).right).toBeLessThanOrEqual((await placeOf(meta, '·')).left + 1);
    });
  });

  it('keep their distance from an address and the private mark, from right to left', async () => {
    await visit('dir=rtl', {}, async (page) => {
      await meet(page, 'anna', 'talks');
      const list = page.getByRole('navigation').getByRole('listitem').filter({ hasText: 'anna' }).first();
      const [name, badge] = [await placeOf(list, 'anna'), await placeOf(list, 'Aside')];
      expect(name.left - badge.right).toBeGreaterThan(4);
      await open(page, 'anna');
      const path = page.getByRole('log', { name: /^Private/ });
      await path.getByText('127.0.0.1').waitFor();
      const [address, word] = [await placeOf(path, '127.0.0.1'), await placeOf(path, 'direct')];
      expect(address.left - word.right).toBeGreaterThan(1);
    });
  });
});
