import type { Page } from 'playwright-core';
import type { FakePort } from '../../support/demo-page/fake-port.ts';

/** Functions of the demo page for its tests. */
declare global {
  var demoPort: FakePort;
}

/** The time that every screen shows. */
export const NOW = Date.UTC(2026, 10, 23, 10, 30);

/** One picture of the app: which demo world it begins in, and the actions of the user there. */
export interface Screen {
  readonly name: string;
  readonly query?: string;
  show?(page: Page): Promise<void>;
}

/** Opens a conversation, and waits for what was said there. */
export const open = async (page: Page, name: string) => {
  await page
    .getByRole('navigation')
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .click();
  await page.getByRole('feed').getByRole('article').last().waitFor();
};
export const openAside = async (page: Page) => {
  await page.getByRole('navigation').getByRole('button', { name: /^hans/ }).click();
  await page.getByRole('log', { name: /^Private/ }).waitFor();
};
export const connection = (page: Page, value: object) =>
  page.evaluate((state) => demoPort.emit('connection.changed', { connection: state as never }), value);
export const FINGERPRINTS = ['5A', 'C3'].map((byte) => Array.from({ length: 32 }, () => byte).join(':'));
