import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { demoWindow, focusOf } from '../support/demo-window.ts';

describeInBrowser('Conversation in the window', () => {
  const { visit } = demoWindow();

  it('shows the beginning of a long message, expands it on request or for a search result, and stays in place (G2, G3)', async () => {
    await visit('', {}, async (page, complaints) => {
      await page.getByRole('button', { name: /^hans/ }).click();
      await page.evaluate(() => {
        const lines = Array.from({ length: 3_000 }, (_, place) => `line ${place}`);
        demoPort.add({
          position: 5_000,
          id: 'long',
          conversation: '@hans',
          from: 'hans',
          to: 'kev',
          incoming: true,
          text: [...lines, 'the treasure'].join('\n'),
          at: Date.now(),
          status: { state: 'received' },
        });
      });
      const article = page.getByRole('article').filter({ hasText: 'line 0' });
      const box = async () => (await article.boundingBox()) ?? { y: Number.NaN, height: Number.NaN };
      const more = article.getByRole('button', { name: 'Show more' });
      await more.waitFor();
      expect((await box()).height).toBeLessThan(1_000);
      const before = (await box()).y;
      await more.focus();
      await page.keyboard.press('Enter');
      const less = article.getByRole('button', { name: 'Show less', expanded: true });
      await less.waitFor();
      await expect.poll(async () => (await box()).height).toBeGreaterThan(50_000);
      expect(Math.abs((await box()).y - before)).toBeLessThan(2);
      expect(await focusOf(page)).toBe('Show less');
      await less.scrollIntoViewIfNeeded();
      await page.keyboard.press('Enter');
      await expect.poll(async () => (await box()).height).toBeLessThan(1_000);
      await more.click({ trial: true });
      expect(await focusOf(page)).toBe('Show more');

      await page.keyboard.press('Control+f');
      await page.keyboard.type('treasure');
      await page.getByRole('button', { name: /treasure/ }).click();
      // The words themselves are in sight, at the end of what is much higher than the window.
      const place = () =>
        page.evaluate(() => {
          const [range] = CSS.highlights.get('found') ?? [];
          const seen = document.querySelector('[role=feed]')?.getBoundingClientRect();
          if (!(range instanceof Range) || seen === undefined) return 'not marked';
          const { top, bottom } = range.getBoundingClientRect();
          return top >= seen.top && bottom <= seen.bottom ? 'in sight' : `at ${top}`;
        });
      await expect.poll(place, { timeout: 10_000 }).toBe('in sight');
      expect(complaints).toEqual([]);
    });
  });

  it('holds its place while older messages load, in 100,000 of them', async () => {
    await visit('world=long&count=100000', {}, async (page, complaints) => {
      await page.evaluate(() =>
        demoPort.emit('people.replaced', { people: [{ username: 'hans', since: Date.now() }] }),
      );
      await page.getByRole('navigation').getByRole('button', { name: /^hans/ }).click();
      await page.getByRole('feed').getByText('and that was all').waitFor();

      // From far enough away that a page is asked for, one message is watched while it arrives.
      const jumps = await page.evaluate(async () => {
        const feed = document.querySelector<HTMLElement>('[role=feed]');
        if (feed === null) throw new Error('no feed');
        const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
        const found: number[] = [];
        const asked = () => demoPort.calls.filter(({ name }) => name === 'history.page').length;
        for (let step = 0; step < 120 && asked() < 6; step++) {
          feed.dispatchEvent(new WheelEvent('wheel', { deltaY: -400, bubbles: true }));
          feed.scrollTop -= 400;
          const top = feed.getBoundingClientRect().top;
          const blank = () => (feed.querySelector('article')?.getBoundingClientRect().top ?? Infinity) > top;
          // Rows that are not there yet have no height yet: a busy machine draws them a few frames later.
          for (let late = 0; late < 120 && blank(); late++) await frame();
          for (let settle = 0; settle < 3; settle++) await frame();
          const row = [...feed.querySelectorAll<HTMLElement>('article')].find(
            (one) => one.getBoundingClientRect().top > top + 100,
          );
          const text = row?.textContent;
          const before = row?.getBoundingClientRect().top ?? 0;
          for (let settle = 0; settle < 6; settle++) await frame();
          const after = [...feed.querySelectorAll<HTMLElement>('article')].find((one) => one.textContent === text);
          found.push(Math.abs((after?.getBoundingClientRect().top ?? Infinity) - before));
        }
        return { worst: Math.max(...found), pages: asked() };
      });
      expect(jumps.pages).toBe(6);
      expect(jumps.worst).toBeLessThan(2);

      // Only what is in sight is on the page.
      expect(await page.getByRole('article').count()).toBeLessThan(60);
      expect(complaints).toEqual([]);
    });
  });

  it('opens a found message amid 100,000, loads in both directions, and returns to the end (G2)', async () => {
    await visit('world=long&count=100000', {}, async (page, complaints) => {
      await page.getByRole('navigation').getByRole('button', { name: /^hans/ }).click();
      await page.getByRole('feed').getByText('and that was all').waitFor();
      await page.keyboard.press('Control+f');
      await page.getByRole('searchbox').fill('sage 54321');
      await page
        .getByRole('complementary', { name: 'Search messages' })
        .getByRole('listitem')
        .getByRole('button')
        .click();

      const found = page.getByRole('article').filter({ hasText: 'message 54321 ' });
      await expect.poll(() => found.evaluate((one) => one === document.activeElement)).toBe(true);
      const middle = () =>
        found.evaluate((one) => {
          const { top, height } = one.getBoundingClientRect();
          const feed = one.closest('[role=feed]')?.getBoundingClientRect() ?? { top: 0, height: 0 };
          return Math.round(Math.abs(top + height / 2 - feed.top - feed.height / 2));
        });
      await expect.poll(middle).toBeLessThan(10);
      expect(await page.evaluate(() => CSS.highlights.get('found')?.size)).toBe(2);

      // Both ways from there, through several pages, every message once and in its order.
      const walked = await page.evaluate(async () => {
        const feed = document.querySelector<HTMLElement>('[role=feed]');
        if (feed === null) throw new Error('no feed');
        const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
        const seen = new Set<number>();
        const look = () => {
          const { top, bottom } = feed.getBoundingClientRect();
          // The one with the focus is there too, however far away.
          const inSight = [...feed.querySelectorAll('.bubble')].filter((one) => {
            const place = one.getBoundingClientRect();
            return place.bottom > top && place.top < bottom;
          });
          const numbers = inSight.map((one) => Number(/message (\d+)/.exec(one.textContent)?.[1]));
          for (const [place, number] of numbers.entries()) {
            seen.add(number);
            if (place > 0 && number !== (numbers[place - 1] ?? 0) + 1) throw new Error(`${number} out of order`);
          }
        };
        for (const step of [-500, 500]) {
          for (let n = 0; n < 60; n++) {
            feed.dispatchEvent(new WheelEvent('wheel', { deltaY: step, bubbles: true }));
            feed.scrollTop += n < 30 || step > 0 ? step : 0;
            await frame();
            await frame();
            look();
          }
        }
        const sorted = [...seen].sort((one, other) => one - other);
        return { from: sorted[0] ?? 0, to: sorted.at(-1) ?? 0, count: sorted.length };
      });
      expect(walked.from).toBeLessThan(54_250);
      expect(walked.to).toBeGreaterThan(54_400);
      expect(walked.count).toBe(walked.to - walked.from + 1);

      await page.getByRole('button', { name: 'To the newest message' }).click();
      await page.getByRole('feed').getByText('and that was all').waitFor();
      await expect.poll(() => page.getByRole('button', { name: 'To the newest message' }).count()).toBe(0);
      expect(complaints).toEqual([]);
    });
  });

  it('loses and repeats no message while scrolling through 3,000 and back, and keeps the focus (G2, G6)', async () => {
    const count = 3_001;
    await visit(`world=long&count=${count - 1}`, {}, async (page, complaints) => {
      await page.getByRole('navigation').getByRole('button', { name: /^hans/ }).click();
      await page.getByRole('feed').getByText('and that was all').waitFor();
      // Keys come faster than pages load: the focus stays on a message.
      await page.getByRole('feed').focus();
      await expect
        .poll(
          async () => {
            await page.keyboard.press('Home');
            return await page.evaluate(() => document.activeElement?.querySelector('.bubble')?.textContent);
          },
          { timeout: 60_000, interval: 20 },
        )
        .toMatch(/^message 0\b/);
      expect(await page.evaluate(() => document.activeElement?.ariaPosInSet)).toBe('1');

      const walked = await page.evaluate(async () => {
        const feed = document.querySelector<HTMLElement>('[role=feed]');
        if (feed === null) throw new Error('no feed');
        const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
        const seen = new Set<number>();
        let gaps = 0;
        let most = 0;
        const look = async () => {
          await frame();
          await frame();
          const { top, bottom } = feed.getBoundingClientRect();
          const rows = [...feed.querySelectorAll<HTMLElement>('[data-position]')];
          const inSight = rows.filter((row) => {
            const place = row.getBoundingClientRect();
            return place.bottom > top && place.top < bottom;
          });
          const positions = inSight.map((row) => Number(row.dataset.position));
          for (const position of positions) seen.add(position);
          gaps += positions.slice(1).filter((position, place) => position !== (positions[place] ?? 0) + 1).length;
          most = Math.max(most, rows.length);
        };
        await look();
        while (feed.scrollHeight - feed.clientHeight - feed.scrollTop > 1) {
          feed.dispatchEvent(new WheelEvent('wheel', { deltaY: 500, bubbles: true }));
          feed.scrollTop += 500;
          await look();
        }
        return { seen: seen.size, gaps, most };
      });
      expect(walked).toMatchObject({ seen: count, gaps: 0 });
      expect(walked.most).toBeLessThan(60);
      expect(complaints).toEqual([]);
    });
  });
});
