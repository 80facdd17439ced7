import { expect, it } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { demoWindow, focusOf } from '../support/demo-window.ts';

describeInBrowser('Conversation with unread messages', () => {
  const { visit } = demoWindow();

  it('opens at the first unread message, and marks messages as read when they become visible (G2)', async () => {
    await visit('world=long&count=1000', {}, async (page, complaints) => {
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
      expect(await focusOf(page)).toBe('Message hans');

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

  it('shows no notification while it is visible in another window (G5)', async () => {
    await visit('', {}, async (front, complaints) => {
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
      await behind.goto(new URL('/demo.html', front.url()).href);
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

  it('leads back to the list by the browser’s own key in a narrow window (G2)', async () => {
    await visit('', {}, async (page, complaints) => {
      const entries = () => page.evaluate(() => history.length);
      const entry = (name: RegExp) => page.getByRole('navigation').getByRole('button', { name });
      const isWith = (name: string) => page.getByRole('main', { name: `Conversation with ${name}` }).waitFor();
      // With the list beside the conversation there is no button to go back.
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
});
