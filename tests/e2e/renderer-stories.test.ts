import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildRenderer } from '../../scripts/build-renderer.mjs';
import { uiHeaders } from '../../src/host/ui-files.ts';
import type { FakePort } from '../../src/renderer/port/fake-port.ts';
import { LINE_FAULTS } from '../../src/shared/client-api/contract.ts';
import { BROWSER_PATH, launchBrowser, serveFolder } from '../support/browser.ts';
import { hostileTexts } from '../support/hostile-texts.ts';

/** Names and figures of the demo world. */
const DATA =
  /^(kev|hans|kevin|leia|obiwan|yoda|darth|[A-Z]{1,2}|[\d:·\s+–.,-]+|Ctrl K|chat\.example\.net.*|0\.1\.0|Aside)$/i;

declare global {
  var demoPort: FakePort;
}

describe.skipIf(BROWSER_PATH === undefined)('the window in a real browser', () => {
  let browser: Browser;
  let served: { origin: string; close(): Promise<void> };
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aside-renderer-'));
    await buildRenderer({ demo: true, folder });
    served = await serveFolder(folder, uiHeaders("'self'"));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await rm(folder, { recursive: true });
  });

  async function visit(query: string, use: (page: Page, complaints: string[]) => Promise<void>): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 1_280, height: 800 }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (said) => {
      if (said.type() === 'error' || said.type() === 'warning') complaints.push(said.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`a script ran: ${dialog.message()}`);
      void dialog.dismiss();
    });
    try {
      await page.goto(`${served.origin}/demo.html?${query}`);
      await page.getByRole('heading').first().waitFor();
      await use(page, complaints);
    } finally {
      await context.close();
    }
  }

  const focused = (page: Page) =>
    page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );

  it('shows who asks to talk aside once and in sight, wide or narrow, in a conversation or not (F1)', async () => {
    await visit('', async (page, complaints) => {
      const ask = (username: string) =>
        page.evaluate(
          (name) =>
            demoPort.emit('private.changed', {
              session: {
                sid: `s-${name}`,
                username: name,
                asker: false,
                state: { state: 'asked', expiresAt: Date.now() + 60_000, standing: 'known' },
                keep: { own: false, peer: false },
              },
            }),
          username,
        );
      await page.getByRole('button', { name: /^hans/ }).click();
      await ask('kevin');
      const accept = page.getByRole('list', { name: 'Requests to talk aside' }).getByRole('button', { name: 'Accept' });
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

  it('is used from sign-in to sign-out without a mouse (G6)', async () => {
    await visit('', async (page, complaints) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('han');
      await page.keyboard.press('Enter');
      await page.getByRole('main', { name: 'Conversation with hans' }).waitFor();
      expect(await focused(page)).toBe('Message hans');
      await page.keyboard.type('written with keys alone');
      await page.keyboard.press('Enter');
      await page.getByRole('feed').getByText('written with keys alone').waitFor();
      await page.getByText('Delivered').last().waitFor();

      // Into the messages and up: each is told by who and when.
      await page.getByRole('feed').focus();
      await page.keyboard.press('ArrowUp');
      await expect.poll(() => focused(page)).toMatch(/^You, /);
      await page.keyboard.press('ArrowUp');
      await expect.poll(() => focused(page)).toMatch(/^hans, /);

      await page.keyboard.press('Alt+ArrowDown');
      await page.getByRole('main', { name: 'Conversation with kevin' }).waitFor();

      // The list of conversations is one stop of the Tab key, walked with arrows.
      await page
        .getByRole('navigation')
        .getByRole('button', { name: /^kevin/ })
        .focus();
      await page.keyboard.press('Home');
      expect(await focused(page)).toMatch(/^Everyone/);
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
      expect(await focused(page)).toBe('Cancel');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      const asked = await page.evaluate(() => demoPort.calls.some(({ name }) => name === 'session.signOut'));
      expect(asked).toBe(true);
      expect(complaints).toEqual([]);
    });
  });

  it('every stop of the Tab key can be seen (G6)', async () => {
    await visit('', async (page) => {
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

  it('shows 1,000 hostile texts as text: in messages, names, notes and private words', async () => {
    const texts = hostileTexts(1_000);
    await visit('', async (page, complaints) => {
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
                const state = { state: 'asked', expiresAt: Date.now() + 60_000, note: text, standing: 'new' } as const;
                demoPort.emit('private.changed', {
                  session: { sid: `x${position}`, username: text, asker: false, state, keep },
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
      const foreign = await page.evaluate(() => ({
        elements: document.querySelectorAll(
          '#root :is(script, iframe, img, object, embed, style, link, form, base, math, video, audio)',
        ).length,
        handlers: [...document.querySelectorAll('#root *')].filter((one) =>
          one.getAttributeNames().some((name) => name.startsWith('on')),
        ).length,
        links: [...document.querySelectorAll('#root a')].filter(
          (one) => !/^(https?|mailto):/.test(one.getAttribute('href') ?? ''),
        ).length,
        ran: 'pwned' in globalThis,
      }));
      expect(foreign).toEqual({ elements: 0, handlers: 0, links: 0, ran: false });
      expect(complaints).toEqual([]);
    });
  });

  it('shows all that is said of a private session, keeps its end in sight, and leads back there (F4, F7, G3)', async () => {
    await visit('world=aside', async (page, complaints) => {
      await page.getByRole('button', { name: /^hans/ }).click();
      for (const width of [1_280, 380]) {
        await page.setViewportSize({ width, height: 780 });
        const status = page.getByRole('main').getByText('Private · direct · encrypted · not kept');
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
      expect(await focused(page)).toBe('Private conversation with hans');
      expect(complaints).toEqual([]);
    });
  });

  it('shows the beginning of a long message, all of it for who wants it or finds something in it, and stays in place (G2, G3)', async () => {
    await visit('', async (page, complaints) => {
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
      expect(await focused(page)).toBe('Show less');
      await less.scrollIntoViewIfNeeded();
      await page.keyboard.press('Enter');
      await expect.poll(async () => (await box()).height).toBeLessThan(1_000);
      await more.click({ trial: true });
      expect(await focused(page)).toBe('Show more');

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
    await visit('world=long&count=100000', async (page, complaints) => {
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

  it('opens at the first of many unread messages, and they are read as they come into sight (G2)', async () => {
    await visit('world=long&count=1000', async (page, complaints) => {
      const arrive = (from: number, count: number) =>
        page.evaluate(
          ({ first, many }) => {
            for (let place = first; place < first + many; place++) {
              demoPort.add({
                position: 1_000_000 + place,
                id: `unread-${place}`,
                conversation: '@hans',
                from: 'hans',
                to: 'kev',
                incoming: true,
                text: `unread ${place}.`,
                at: Date.now(),
                status: { state: 'received' },
              });
            }
          },
          { first: from, many: count },
        );
      const open = (name: RegExp) => page.getByRole('navigation').getByRole('button', { name }).click();
      const unread = () => page.evaluate(() => demoPort.view.conversations.find(({ id }) => id === '@hans')?.unread);
      const feed = page.getByRole('feed');
      await arrive(1, 40);
      await open(/^hans/);
      const line = feed.getByText('New', { exact: true });
      await line.waitFor();
      const below = () =>
        line.evaluate((one) => {
          const top = one.closest('[role=feed]')?.getBoundingClientRect().top ?? 0;
          return one.getBoundingClientRect().top - top;
        });
      await expect.poll(below).toBeLessThan(80);
      expect(await below()).toBeGreaterThanOrEqual(0);
      await feed.getByText('unread 1.', { exact: true }).waitFor();
      await expect.poll(unread).toBeLessThan(40);
      const left = (await unread()) ?? 0;
      expect(left).toBeGreaterThan(15);
      await page.getByRole('button', { name: `${left} new messages below` }).waitFor();
      // One writes on at once.
      expect(await focused(page)).toBe('Message hans');

      // Further down by the wheel, and to the end by the button.
      await feed.hover();
      await page.mouse.wheel(0, 300);
      await expect.poll(unread).toBeLessThan(left);
      expect(await unread()).toBeGreaterThan(5);
      await page.getByRole('button', { name: /new messages below/ }).click();
      await feed.getByText('unread 40.', { exact: true }).waitFor();
      await expect.poll(unread).toBe(0);

      // Few enough to be in sight together: the end, as ever.
      await open(/^Everyone/);
      await arrive(41, 3);
      expect(await unread()).toBe(3);
      await open(/^hans/);
      await line.waitFor();
      await feed.getByText('unread 43.', { exact: true }).waitFor();
      await expect.poll(unread).toBe(0);
      expect(await page.getByRole('button', { name: /newest message|new messages? below/ }).count()).toBe(0);
      expect(complaints).toEqual([]);
    });
  });

  it('notifies nobody of what they look at in another window (G5)', async () => {
    await visit('', async (front, complaints) => {
      const behind = await front.context().newPage();
      await behind.addInitScript(() => {
        const titles: string[] = [];
        class PageNotification extends EventTarget {
          static readonly permission = 'granted';
          constructor(title: string) {
            super();
            titles.push(title);
          }
        }
        Object.assign(globalThis, { Notification: PageNotification, notified: titles });
        document.hasFocus = () => false;
      });
      await behind.goto(`${served.origin}/demo.html`);
      await behind.getByRole('heading').first().waitFor();
      const lookedAt = () =>
        behind.evaluate(async () =>
          (await navigator.locks.query()).held?.map(({ name = '' }) => name.split(' ').at(-1)),
        );
      const open = async (name: string) => {
        await front
          .getByRole('navigation')
          .getByRole('button', { name: new RegExp(`^${name}`) })
          .click();
        await expect.poll(lookedAt).toEqual([`@${name}`]);
      };
      const arrive = (from: string, position: number) =>
        behind.evaluate(
          ({ name, place }) => {
            demoPort.add({
              position: place,
              id: `behind-${place}`,
              conversation: `@${name}`,
              from: name,
              to: 'kev',
              incoming: true,
              text: 'hello',
              at: Date.now(),
              status: { state: 'received' },
            });
          },
          { name: from, place: position },
        );
      const notified = () => behind.evaluate(() => (globalThis as unknown as { notified: string[] }).notified);
      await open('hans');
      await arrive('hans', 2_000_001);
      await arrive('leia', 2_000_002);
      await expect.poll(notified).toEqual(['leia']);
      await open('leia');
      await arrive('leia', 2_000_003);
      await arrive('hans', 2_000_004);
      await expect.poll(notified).toEqual(['leia', 'hans']);
      await front.evaluate(() => {
        document.hasFocus = () => false;
        window.dispatchEvent(new Event('blur'));
      });
      await expect.poll(lookedAt).toEqual([]);
      await arrive('leia', 2_000_005);
      await expect.poll(notified).toEqual(['leia', 'hans', 'leia']);
      expect(complaints).toEqual([]);
    });
  });

  it('goes back from a conversation to the list with the browser’s own key, where it is narrow (G2)', async () => {
    await visit('', async (page, complaints) => {
      const entries = () => page.evaluate(() => history.length);
      const entry = (name: RegExp) => page.getByRole('navigation').getByRole('button', { name });
      const isWith = (name: string) => page.getByRole('main', { name: `Conversation with ${name}` }).waitFor();
      // Where the list is beside it, there is nothing to go back to.
      const before = await entries();
      await entry(/^hans/).click();
      await isWith('hans');
      await page.keyboard.press('Alt+ArrowUp');
      await isWith('kevin');
      expect(await entries()).toBe(before);

      await page.setViewportSize({ width: 420, height: 800 });
      await page.getByRole('button', { name: 'Back' }).click();
      await entry(/^hans/).click();
      await isWith('hans');
      expect(await entries()).toBe(before + 1);
      await page.keyboard.press('Alt+ArrowUp');
      await isWith('kevin');
      expect(await entries()).toBe(before + 1);
      await page.goBack();
      await entry(/^hans/).waitFor();
      expect(await page.getByRole('main', { name: /^Conversation with/ }).count()).toBe(0);
      await page.goForward();
      await isWith('kevin');

      // The button of the app goes the same way, and leaves nothing behind.
      await page.getByRole('button', { name: 'Back' }).click();
      await entry(/^hans/).click();
      await isWith('hans');
      expect(await entries()).toBe(before + 1);
      // Loading the page again changes nothing.
      await page.reload();
      await isWith('hans');
      await page.goBack();
      await entry(/^hans/).waitFor();
      expect(complaints).toEqual([]);
    });
  });

  it('opens a message that was found among 100,000 in the middle, goes on both ways, and comes back to the end (G2)', async () => {
    await visit('world=long&count=100000', async (page, complaints) => {
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

  it('loses and doubles no message on the way to the first of 3,000 and back, and keeps the focus (G2, G6)', async () => {
    const count = 3_001;
    await visit(`world=long&count=${count - 1}`, async (page, complaints) => {
      await page.getByRole('navigation').getByRole('button', { name: /^hans/ }).click();
      await page.getByRole('feed').getByText('and that was all').waitFor();
      // Key by key, faster than pages come: whoever is at a message stays at one.
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

  it('has only those of 500 conversations on the page that are in sight, and all in reach of the keys (G2, G6)', async () => {
    await visit('world=empty', async (page, complaints) => {
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
      expect(await focused(page)).toContain('words of person459');
      expect(await list.getByRole('button', { name: /^person459\b/ }).isVisible()).toBe(true);
      await page.keyboard.press('End');
      expect(await focused(page)).toContain('words of person0');
      await page.keyboard.press('ArrowUp');
      expect(await focused(page)).toContain('words of person1');
      await page.keyboard.press('Enter');
      await page.getByRole('main', { name: 'Conversation with person1' }).waitFor();
      await list.getByRole('button', { name: /^person1\b/ }).focus();
      await page.keyboard.press('Home');
      expect(await focused(page)).toMatch(/^Everyone/);
      expect(await list.locator('*').count()).toBeLessThan(500);
      expect(complaints).toEqual([]);
    });
  });

  /** What is in sight, or told to a screen reader, and is neither from the catalogue nor data. */
  const strangeIn = (page: Page): Promise<string[]> =>
    page.evaluate((pattern) => {
      const allowed = new RegExp(pattern, 'i');
      const found: string[] = [];
      const look = (text: string | null | undefined) => {
        const rest = (text ?? '').replaceAll(/⟦[^⟧]*⟧/g, '').trim();
        if (/\p{L}/u.test(rest) && !allowed.test(rest)) found.push(rest);
      };
      const walker = document.createTreeWalker(document.querySelector('#root') ?? document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode() !== null) {
        const { parentElement } = walker.currentNode;
        // What people wrote, and times, are data.
        if (parentElement?.closest('.bubble, [dir], svg, kbd, code, [data-entry]') === null)
          look(walker.currentNode.textContent);
      }
      for (const element of document.querySelectorAll('#root *')) {
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) look(element.getAttribute(name));
      }
      return found;
    }, DATA.source);

  it('says nothing that is not in its catalogue (G6)', async () => {
    await visit('locale=pseudo&world=aside', async (page) => {
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
    await visit('locale=pseudo&world=morning', async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('tab').nth(4).click();
      // As many as are shown at once; the last one is found by the page itself.
      for (const [batch, line] of [[LINE_FAULTS, 'x'] as const, [[], 'x'.repeat(100_001)] as const]) {
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
    await visit('locale=pseudo&world=first', async (page) => {
      const text = await page.locator('#root').innerText();
      expect(text.replaceAll(/⟦[^⟧]*⟧/g, '').trim()).toBe('');
    });
  });
});
