import { readFile } from 'node:fs/promises';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildRenderer } from '../../scripts/build-renderer.mjs';
import { ROOT } from '../../scripts/setup.mjs';
import type { FakePort } from '../../src/renderer/port/fake-port.ts';
import { uiHeaders } from '../../src/host/ui-files.ts';
import { BROWSER_PATH, launchBrowser, serveFolder } from '../support/browser.ts';

/** What the demo page hands to its tests. */
declare global {
  var demoPort: FakePort;
}

const NOW = Date.UTC(2026, 10, 23, 10, 30);
const OUT = join(ROOT, process.env.ASIDE_SCREENSHOTS === undefined ? 'build/screenshots' : 'docs/screenshots');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Screen {
  readonly name: string;
  readonly query?: string;
  show?(page: Page): Promise<void>;
}

const open = async (page: Page, name: string) => {
  await page
    .getByRole('navigation')
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .click();
  await page.getByRole('feed').getByRole('article').last().waitFor();
};
const openAside = async (page: Page) => {
  await page.getByRole('navigation').getByRole('button', { name: /^hans/ }).click();
  await page.getByRole('log', { name: /^Private/ }).waitFor();
};
const connection = (page: Page, value: object) =>
  page.evaluate((state) => demoPort.emit('connection.changed', { connection: state as never }), value);
const FINGERPRINTS = ['5A', 'C3'].map((byte) => Array.from({ length: 32 }, () => byte).join(':'));

const SCREENS: readonly Screen[] = [
  { name: 'first-start', query: 'world=first' },
  {
    name: 'compare-fingerprint',
    query: 'world=first',
    show: async (page) => {
      await page.evaluate((fingerprint) => {
        demoPort.answerHost('host.lookAtServer', () => ({
          ok: true,
          result: { trust: 'new', fingerprint: fingerprint ?? '' },
        }));
      }, FINGERPRINTS[0]);
      await page.getByRole('button', { name: 'Connect' }).click();
    },
  },
  {
    name: 'sign-in',
    query: 'world=first',
    show: async (page) => {
      await page.evaluate((fingerprint) => {
        demoPort.view = { ...demoPort.view, fingerprint: fingerprint ?? '' };
        demoPort.answer('session.signIn', () => ({
          ok: false,
          failure: { reason: 'wrong-credentials', text: '', attemptsLeft: 1 },
        }));
      }, FINGERPRINTS[0]);
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByRole('button', { name: /Have an account/ }).click();
      await page.getByRole('textbox', { name: 'Username' }).fill('kev');
      await page.getByLabel('Password', { exact: true }).fill('wrong');
      await page.keyboard.press('Enter');
      await page.getByText('Username or password is wrong.').waitFor();
    },
  },
  { name: 'conversation', show: (page) => open(page, 'hans') },
  { name: 'private', query: 'world=aside', show: (page) => openAside(page) },
  {
    name: 'private-over',
    query: 'world=aside',
    show: async (page) => {
      await openAside(page);
      await page.getByRole('textbox', { name: 'Only hans will see this' }).fill('half a secret');
      await page.evaluate(() => {
        const ending = { reason: 'ended', by: 'peer', loud: false, text: '' } as const;
        const [talk] = demoPort.view.aside;
        if (talk !== undefined)
          demoPort.emit('private.changed', { session: { ...talk, state: { state: 'ended', ending } } });
      });
      await page.getByRole('button', { name: 'Go on through the server' }).waitFor();
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
      await page.keyboard.press('Delete');
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
        demoPort.answer('message.broadcast', () => ({ ok: false, failure: { reason: 'offline', text: '' } })),
      );
      await page.getByRole('textbox', { name: 'Message everyone' }).fill('lunch?');
      await page.keyboard.press('Enter');
      await page.getByText('There is no connection to the server right now').first().waitFor();
    },
  },
  {
    name: 'signed-out',
    show: async (page) => {
      await open(page, 'hans');
      await page.getByRole('textbox', { name: 'Message hans' }).fill('half a sentence that is not lo');
      await connection(page, { state: 'signed-out', reason: 'timed-out' });
    },
  },
  {
    name: 'certificate-changed',
    show: (page) => connection(page, { state: 'untrusted', expected: FINGERPRINTS[0], presented: FINGERPRINTS[1] }),
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
  { name: 'settings', show: (page) => page.keyboard.press('Control+,') },
  {
    name: 'notifications',
    show: async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('tab', { name: 'Notifications' }).click();
      await page.getByText('For an hour', { exact: true }).click();
      await page.getByText(/^Until /).waitFor();
    },
  },
  {
    name: 'blocked-people',
    show: async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('tab', { name: 'Blocked people' }).click();
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
            faults: given.length === 0 ? [] : [{ line: 2, text: 'This line is not JSON.' }],
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
    name: 'locked',
    show: async (page) => {
      await page.evaluate(() => {
        const dataFolder = '/home/kev/.local/share/aside/client';
        demoPort.facts = { ...demoPort.facts, lock: 'locked', dataFolder };
        demoPort.answerHost('host.unlock', () => ({ ok: false, failure: { reason: 'wrong-passphrase', text: '' } }));
        demoPort.emitHost({ name: 'host.replaced' });
      });
      await page.getByLabel('Passphrase', { exact: true }).fill('wrong');
      await page.keyboard.press('Enter');
      await page.getByText('That is not the passphrase.').waitFor();
      await page.getByText('Lost the passphrase?').click();
    },
  },
  {
    name: 'protecting',
    show: async (page) => {
      await page.evaluate(() => {
        demoPort.facts = { ...demoPort.facts, lock: 'passphrase', protecting: { kind: 'sealing', part: 0.43 } };
        demoPort.emitHost({ name: 'host.replaced' });
      });
      await page.getByText('43 %').waitFor();
    },
  },
  {
    name: 'passphrase-set',
    show: async (page) => {
      await page.evaluate(() => {
        demoPort.facts = { ...demoPort.facts, lock: 'passphrase' };
        demoPort.emitHost({ name: 'host.replaced' });
      });
      await page.keyboard.press('Control+,');
      await page.getByRole('tab', { name: 'Account' }).click();
      await page.getByRole('button', { name: 'Take the passphrase away…' }).click();
      await page.getByRole('button', { name: 'Take it away' }).click();
      await page.getByRole('button', { name: 'Take it away' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'switch-account',
    show: async (page) => {
      await page.keyboard.press('Control+,');
      await page.getByRole('tab', { name: 'Account' }).click();
      await page.getByRole('button', { name: /^Go on as kev at lab/ }).click();
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
    name: 'known-accounts',
    query: 'world=first',
    show: async (page) => {
      await page.evaluate((fingerprint) => {
        const accounts = ['chat.example.net', 'lab.example.net'].map((host) => ({
          username: 'kev',
          server: { host, port: 12_000 },
        }));
        demoPort.view = { ...demoPort.view, fingerprint: fingerprint ?? '' };
        demoPort.facts = { ...demoPort.facts, accounts };
      }, FINGERPRINTS[0]);
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByRole('button', { name: /^Go on as kev at lab/ }).waitFor();
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
      await page.locator('summary', { hasText: 'react-dom' }).click();
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
  {
    name: 'host-lost',
    show: async (page) => {
      await open(page, 'hans');
      await page.evaluate(() => demoPort.setLink('lost'));
    },
  },
];

const SIZES = { wide: { width: 1_280, height: 800 }, narrow: { width: 390, height: 780 } } as const;

describe.skipIf(BROWSER_PATH === undefined)('every screen in a real browser', () => {
  let browser: Browser;
  let served: { origin: string; close(): Promise<void> };
  let folder: string;
  let axe: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aside-renderer-'));
    await buildRenderer({ demo: true, folder });
    await mkdir(OUT, { recursive: true });
    axe = await readFile(AXE, 'utf8');
    served = await serveFolder(folder, uiHeaders("'self'"));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await rm(folder, { recursive: true });
  });

  /** @returns what the browser complained of, from scripts to the content security policy */
  async function visit(
    query: string,
    size: keyof typeof SIZES,
    theme: 'light' | 'dark',
    use: (page: Page) => Promise<void>,
  ): Promise<string[]> {
    const context = await browser.newContext({
      viewport: SIZES[size],
      colorScheme: theme,
      reducedMotion: 'reduce',
      timezoneId: 'UTC',
      locale: 'en-GB',
    });
    const complaints: string[] = [];
    const page = await context.newPage();
    page.on('console', (said) => {
      if (said.type() === 'error' || said.type() === 'warning') complaints.push(said.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.clock.setFixedTime(NOW);
    await page.goto(`${served.origin}/demo.html?${query}`);
    await page.getByRole('heading').first().waitFor();
    try {
      await use(page);
    } finally {
      await context.close();
    }
    return complaints;
  }

  async function barriers(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    return page.evaluate(async () => {
      const { axe: checker } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
      };
      const { violations } = await checker.run();
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary.slice(0, 300)}`),
      );
    });
  }

  for (const { name, query = '', show } of SCREENS) {
    for (const theme of ['light', 'dark'] as const) {
      it(`${name}, ${theme}: nothing keeps anybody out, wide or narrow`, { timeout: 60_000 }, async () => {
        for (const size of ['wide', 'narrow'] as const) {
          const found: string[] = [];
          const complaints = await visit(`${query}&theme=${theme}`, size, theme, async (page) => {
            await show?.(page);
            await page.evaluate(
              () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
            );
            await page.screenshot({ path: join(OUT, `${name}-${theme}-${size}.png`) });
            found.push(...(await barriers(page)));
            const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            expect(overflow, 'nothing sticks out at the side').toBeLessThanOrEqual(0);
            const large = await page.evaluate(
              () =>
                [...document.querySelectorAll('svg')].filter((one) => one.getBoundingClientRect().width > 64).length,
            );
            expect(large, 'icons stay small').toBe(name === 'safety-number' ? 1 : 0);
          });
          expect(found).toEqual([]);
          expect(complaints).toEqual([]);
        }
      });
    }
  }

  it('at 200 % text nothing is cut off and nothing keeps anybody out', { timeout: 60_000 }, async () => {
    await visit('textSize=largest', 'wide', 'light', async (page) => {
      await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
      await open(page, 'hans');
      await page.screenshot({ path: join(OUT, 'conversation-200-percent.png') });
      expect(await barriers(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    });
  });

  it('right to left: everything changes sides, nothing sticks out', { timeout: 60_000 }, async () => {
    await visit('dir=rtl', 'wide', 'light', async (page) => {
      await open(page, 'hans');
      await page.screenshot({ path: join(OUT, 'conversation-right-to-left.png') });
      const sidebar = await page.getByRole('navigation').boundingBox();
      expect(sidebar?.x).toBeGreaterThan(600);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    });
  });
});
