import type { Screen } from './screen.ts';

/** The settings, page by page. */
export const SETTINGS_SCREENS: readonly Screen[] = [
  { name: 'settings', show: (page) => page.keyboard.press('Control+,') },
  {
    name: 'notifications',
    show: async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('tab', { name: 'Notifications' }).click();
      await page.getByText('For an hour', { exact: true }).click();
      await page.getByText(/^No notifications until /).waitFor();
    },
  },
  {
    name: 'blocked-people',
    show: async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('tab', { name: 'Blocked users' }).click();
    },
  },
  {
    name: 'history',
    show: async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('tab', { name: 'History' }).click();
      const lines = ['{"aside":"history","version":1}', 'odd'].join('\n');
      await page.evaluate(() =>
        demoPort.answer('history.import', ({ lines: given }) => ({
          ok: true,
          result: {
            added: given.length === 0 ? 0 : 1_204,
            repeated: 0,
            faults: given.length === 0 ? [] : [{ line: 2, reason: 'not-json' }],
            place: 0,
          },
        })),
      );
      const file = { name: 'a.jsonl', mimeType: 'text/plain', buffer: Buffer.from(lines) };
      await page.locator('input[type=file]').setInputFiles(file);
      await page.getByText('1,204 messages were added').waitFor();
    },
  },
  {
    name: 'delete-history',
    show: async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('tab', { name: 'History' }).click();
      await page.getByRole('button', { name: 'Delete…' }).click();
    },
  },
  {
    name: 'account',
    show: async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('tab', { name: 'Account' }).click();
    },
  },
  {
    name: 'passphrase',
    show: async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('tab', { name: 'Account' }).click();
      await page.getByLabel('New passphrase', { exact: true }).fill('short');
      await page.getByRole('button', { name: 'Set passphrase' }).click();
      await page.getByRole('button', { name: 'Set passphrase' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'protecting',
    show: async (page) => {
      await page.evaluate(() => {
        demoPort.hostState = {
          ...demoPort.hostState,
          lock: 'passphrase',
          protecting: { kind: 'encrypting', part: 0.43 },
        };
        demoPort.emitHost({ name: 'host.replaced' });
      });
      await page.getByText('43 %').waitFor();
    },
  },
  {
    name: 'passphrase-set',
    show: async (page) => {
      await page.evaluate(() => {
        demoPort.hostState = { ...demoPort.hostState, lock: 'passphrase' };
        demoPort.emitHost({ name: 'host.replaced' });
      });
      await page.keyboard.press('Control+,');
      await page.getByRole('tab', { name: 'Account' }).click();
      await page.getByRole('button', { name: 'Remove passphrase…' }).click();
      await page.getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('button', { name: 'Remove' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'switch-account',
    show: async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('tab', { name: 'Account' }).click();
      await page.getByRole('button', { name: /^Continue as kev at lab/ }).click();
    },
  },
  {
    name: 'forget-account',
    show: async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('tab', { name: 'Account' }).click();
      await page.getByRole('button', { name: /^Forget kev at chat/ }).click();
    },
  },
  {
    name: 'about',
    show: async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('tab', { name: 'About' }).click();
    },
  },
  {
    name: 'licences',
    show: async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('tab', { name: 'About' }).click();
      await page.getByRole('button', { name: 'Show the licences' }).click();
      await page.getByRole('textbox', { name: 'Find a package or a licence' }).fill('react');
      await page.locator('summary', { hasText: /^react-dom / }).click();
    },
  },
];
