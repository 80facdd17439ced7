import { connection, FINGERPRINTS, open, type Screen } from './screen.ts';

/** Coming in, and whatever keeps one out. */
export const START_SCREENS: readonly Screen[] = [
  { name: 'first-start', query: 'world=first' },
  {
    name: 'compare-fingerprint',
    query: 'world=first',
    show: async (page) => {
      await page.evaluate((fingerprint) => {
        demoPort.answerHost('host.probeServer', () => ({
          ok: true,
          result: { trust: 'new', fingerprint: fingerprint ?? '' },
        }));
      }, FINGERPRINTS[0]);
      await page.getByRole('button', { name: 'Connect' }).click();
    },
  },
  {
    name: 'fingerprints-differ',
    query: 'world=first',
    show: async (page) => {
      await page.evaluate((fingerprint) => {
        demoPort.answerHost('host.probeServer', () => ({
          ok: true,
          result: { trust: 'new', fingerprint: fingerprint ?? '' },
        }));
      }, FINGERPRINTS[0]);
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByRole('button', { name: 'They differ' }).click();
    },
  },
  {
    name: 'invitation',
    query: 'world=first',
    show: async (page) => {
      await page.evaluate((fingerprint) => {
        demoPort.view = { ...demoPort.view, fingerprint: fingerprint ?? '' };
        demoPort.answerHost('host.probeServer', () => ({
          ok: true,
          result: { trust: 'known', registration: 'invite' },
        }));
      }, FINGERPRINTS[0]);
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByLabel('Invitation').waitFor();
      await page.getByRole('button', { name: 'Create account' }).click();
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
          failure: { reason: 'wrong-credentials', attemptsLeft: 1 },
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
        demoPort.hostState = { ...demoPort.hostState, accounts };
      }, FINGERPRINTS[0]);
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByRole('button', { name: /^Continue as kev at lab/ }).waitFor();
    },
  },
  {
    name: 'locked',
    show: async (page) => {
      await page.evaluate(() => {
        const dataFolder = '/home/kev/.local/share/aside/client';
        demoPort.hostState = { ...demoPort.hostState, lock: 'locked', dataFolder };
        demoPort.answerHost('host.unlock', () => ({ ok: false, failure: { reason: 'wrong-passphrase' } }));
        demoPort.emitHost({ name: 'host.replaced' });
      });
      await page.getByLabel('Passphrase', { exact: true }).fill('wrong');
      await page.keyboard.press('Enter');
      await page.getByText('The passphrase is wrong. Try again.').waitFor();
      await page.getByText('Lost the passphrase?').click();
    },
  },
  {
    name: 'certificate-changed',
    show: (page) => connection(page, { state: 'untrusted', expected: FINGERPRINTS[0], presented: FINGERPRINTS[1] }),
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
    name: 'host-lost',
    show: async (page) => {
      await open(page, 'hans');
      await page.evaluate(() => demoPort.setLink('lost'));
    },
  },
];
