import { expect } from 'vitest';
import { connection, NOW, open, openAside, type Screen } from './screen.ts';

/** Conversations, and what is found and looked up from them. */
export const TALK_SCREENS: readonly Screen[] = [
  { name: 'conversation', show: (page) => open(page, 'hans') },
  {
    name: 'alone',
    query: 'world=empty',
    show: async (page) => {
      await page.evaluate(() => demoPort.emit('people.replaced', { people: [] }));
    },
  },
  { name: 'nothing-chosen' },
  { name: 'private', query: 'world=aside', show: (page) => openAside(page) },
  {
    name: 'notify-offer',
    show: async (page) => {
      await page.addInitScript(() => Object.defineProperty(Notification, 'permission', { get: () => 'default' }));
      await page.reload();
      await page.getByRole('region', { name: 'Show notifications for new messages?' }).waitFor();
    },
  },
  {
    name: 'private-over',
    query: 'world=aside',
    show: async (page) => {
      await openAside(page);
      await page.getByRole('textbox', { name: 'Only hans will see this' }).fill('half a secret');
      await page.evaluate(() => {
        const ending = { reason: 'ended', by: 'peer', loud: false } as const;
        const [talk] = demoPort.view.privateSessions;
        if (talk !== undefined)
          demoPort.emit('private.changed', { session: { ...talk, state: { state: 'ended', ending } } });
      });
      await page.getByRole('button', { name: 'Close and forget' }).waitFor();
    },
  },
  {
    name: 'private-request',
    query: 'world=aside',
    show: (page) => page.getByRole('list', { name: 'Requests to talk aside' }).waitFor(),
  },
  {
    name: 'ask-aside',
    show: async (page) => {
      await open(page, 'hans');
      await page.getByRole('button', { name: 'Talk aside' }).click();
    },
  },
  {
    name: 'safety-number',
    query: 'world=aside',
    show: async (page) => {
      await openAside(page);
      await page.getByRole('button', { name: 'Compare' }).first().click();
      await page.getByRole('img', { name: /QR/ }).waitFor();
    },
  },
  {
    name: 'identity-changed',
    show: async (page) => {
      await open(page, 'hans');
      await page.evaluate(() => demoPort.emit('private.identityChanged', { username: 'hans', identityKey: 'x' }));
    },
  },
  { name: 'everyone', show: (page) => open(page, 'Everyone') },
  {
    name: 'people',
    show: (page) => page.getByRole('navigation').getByRole('button', { name: /^leia/ }).waitFor(),
  },
  {
    name: 'palette',
    show: async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('le');
      await page.getByRole('option', { name: 'leia' }).waitFor();
    },
  },
  {
    name: 'search',
    show: async (page) => {
      await open(page, 'hans');
      await page.keyboard.press('Control+Shift+f');
      await page.getByRole('searchbox').fill('the');
      await page.getByRole('complementary', { name: 'Search messages' }).getByRole('listitem').first().waitFor();
    },
  },
  {
    name: 'found-message',
    show: async (page) => {
      await open(page, 'Everyone');
      await page.keyboard.press('Control+Shift+f');
      await page.getByRole('searchbox').fill('relay');
      const results = page.getByRole('complementary', { name: 'Search messages' }).getByRole('listitem');
      await results.filter({ hasText: 'every night' }).getByRole('button').click();
      const found = page.getByRole('article').filter({ hasText: 'every night' });
      await expect.poll(() => found.evaluate((one) => one === document.activeElement)).toBe(true);
    },
  },
  {
    name: 'delete-message',
    show: async (page) => {
      await open(page, 'hans');
      await page.getByRole('feed').focus();
      await page.keyboard.press('ArrowUp');
      await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('ARTICLE');
      await page.getByRole('article').last().getByRole('button', { name: 'Delete here' }).click();
      await page.getByRole('dialog', { name: 'Delete this message here?' }).waitFor();
    },
  },
  {
    name: 'waiting',
    show: async (page) => {
      await open(page, 'hans');
      await page.evaluate(
        (at) =>
          demoPort.add({
            position: 900,
            id: 'w',
            conversation: '@hans',
            from: 'kev',
            to: 'hans',
            incoming: false,
            text: 'are you there?',
            at,
            status: { state: 'queued', attempted: false },
          }),
        NOW,
      );
      await connection(page, {
        state: 'waiting-to-reconnect',
        until: NOW + 8_000,
        attempt: 2,
        problem: { kind: 'server-stopping' },
      });
      await page.getByRole('button', { name: 'Why not yet?' }).click();
    },
  },
  {
    name: 'not-sent',
    show: async (page) => {
      await open(page, 'Everyone');
      await connection(page, {
        state: 'waiting-to-reconnect',
        until: NOW + 8_000,
        attempt: 2,
        problem: { kind: 'lost' },
      });
      await page.evaluate(() =>
        demoPort.answer('message.broadcast', () => ({
          ok: false,
          failure: { reason: 'offline', detail: 'no-connection' },
        })),
      );
      await page.getByRole('textbox', { name: 'Message everyone' }).fill('lunch?');
      await page.keyboard.press('Enter');
      await page.getByText('There is no connection to the server').first().waitFor();
    },
  },
  {
    name: 'link',
    show: async (page) => {
      await open(page, 'hans');
      await page.getByRole('link', { name: /git.example.net/ }).click();
    },
  },
  {
    name: 'look-back',
    show: async (page) => {
      await page.getByRole('button', { name: 'Who was here' }).click();
      await page.getByRole('img', { name: /^hans/ }).last().waitFor();
    },
  },
  {
    name: 'block',
    show: async (page) => {
      await open(page, 'hans');
      const details = page.getByRole('button', { name: 'Details', exact: true });
      if (await details.isVisible()) await details.click();
      await page.getByRole('button', { name: 'Block hans' }).last().click();
    },
  },
];
