import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { PASSWORD, type Person } from '../../support/stories/person.ts';
import { SERVER_MAY_FALL, step, story } from '../../support/stories/story.ts';

/** Seconds that a clock of the form m:ss shows. */
async function secondsOf(person: Person): Promise<number> {
  const [, minutes, seconds] = /(\d+):(\d\d)/.exec(await person.page.getByRole('timer').innerText()) ?? [];
  return Number(minutes) * 60 + Number(seconds);
}

const BLOCK_SECONDS = 12;

export const START = [
  story({
    name: 'first start: a wrong address, the fingerprint, an account; every error is shown at its field (G1, B1)',
    people: ['anna'],
    strangers: ['anna'],
    variants: ['plain', 'reload'],
    parts: ({ anna }) => [
      step('anna starts the app; nothing answers where it looks first', async () => {
        await anna.start('127.0.0.1:1');
        expect(await anna.page.getByLabel('Server', { exact: true }).inputValue()).toBe('127.0.0.1:1');
        await anna.press('Connect');
        await anna.isWrong('Server', 'Nothing answers at that address.');
      }),
      step('what is no address is told before anything is dialled', async () => {
        await anna.fill('Server', 'over there');
        await anna.press('Connect');
        await anna.isWrong('Server', 'Enter a name or address, a colon and a port');
      }),
      step('the right one shows the fingerprint that the server has printed', async () => {
        await anna.fill('Server', anna.server);
        await anna.press('Connect');
        await anna.compare();
      }),
      step('a name and two passwords that will not do', async () => {
        await anna.press('Create account');
        await anna.isWrong('Username', 'Enter a username.');
        await anna.fill('Username', 'an na');
        await anna.fill('Password', 'short');
        await anna.press('Create account');
        await anna.isWrong('Password', 'The password is too short. Use 8 characters or more.');
        await anna.fill('Password', PASSWORD);
        await anna.fill('Repeat password', `${PASSWORD}!`);
        await anna.press('Create account');
        await anna.isWrong('Repeat password', 'The passwords do not match.');
        await anna.fill('Repeat password', PASSWORD);
        await anna.press('Create account');
        await anna.isWrong('Username', 'A username has no spaces.');
      }),
      step('and then she is there', async () => {
        await anna.register();
        await anna.sees('No other users are online');
      }),
      step('she signs out', async () => {
        await anna.signOut();
      }),
      step('and in again', async () => {
        await anna.signIn();
        await anna.isOnline();
      }),
    ],
  }),

  story({
    name: 'three wrong passwords lock the account, with a countdown; afterwards the right password works (B2, G1)',
    people: ['anna'],
    server: { blockSeconds: BLOCK_SECONDS },
    variants: ['plain', 'reload'],
    parts: ({ anna }) => {
      let begin = 0;
      let shown = BLOCK_SECONDS;
      /** The clock shows what is left, and runs; meanwhile nothing can be tried. */
      const isLocked = async (): Promise<void> => {
        await anna.sees('The account is locked for another');
        const first = await secondsOf(anna);
        expect(first).toBeLessThanOrEqual(shown);
        expect(first).toBeGreaterThan(BLOCK_SECONDS - (performance.now() - begin) / 1_000 - 2);
        await expect.poll(() => secondsOf(anna)).toBeLessThan(first);
        shown = await secondsOf(anna);
        expect(await anna.page.getByRole('button', { name: 'Sign in', exact: true }).isDisabled()).toBe(true);
      };
      return [
        step('anna signs out and mistypes her password twice', async () => {
          await anna.signOut();
          await anna.signIn('wrong password');
          await anna.isWrong('Password', '2 more tries before the account is locked.');
          expect(await anna.page.getByLabel('Password', { exact: true }).inputValue()).toBe('');
          await anna.signIn('wrong password');
          await anna.isWrong('Password', 'One more try before the account is locked.');
        }),
        step('the third time the account is locked, and the clock runs', async () => {
          begin = performance.now();
          await anna.signIn('wrong password');
          await isLocked();
        }),
        step('a new page does not help: the right one is refused, too, and the clock is back', async () => {
          await anna.reload();
          await anna.signIn();
          await isLocked();
        }),
        step('when it is over, and not before, the right one works', async () => {
          // After the page was loaded again the clock comes with the next try, unless it is over by then.
          if ((await anna.page.getByRole('timer').count()) === 0) await anna.signIn();
          const here = anna.page.getByRole('navigation');
          await here.or(anna.page.getByText('You can try again now.')).waitFor({ timeout: 2 * BLOCK_SECONDS * 1_000 });
          expect(performance.now() - begin).toBeGreaterThan(BLOCK_SECONDS * 1_000);
          if (!(await here.isVisible())) await anna.signIn();
          await anna.isOnline();
        }),
      ];
    },
  }),

  story({
    name: 'one account on two computers: the second takes over, the first shows that and may take over again (B3, B6, G7)',
    people: ['anna', 'bert'],
    parts: ({ anna, bert }, stage) => {
      const elsewhere = stage.person('anna');
      return [
        step('anna talks with bert, and leaves something half written', async () => {
          await anna.open('bert');
          await anna.write('Hello');
          await anna.lastIs('Delivered');
          await anna.field.fill('half wr');
        }),
        step('she signs in at another computer, which says that she is signed in here', async () => {
          await elsewhere.start();
          await elsewhere.press('Connect');
          await elsewhere.compare();
          await elsewhere.signIn();
          await elsewhere.sees('This account is signed in elsewhere.');
        }),
        step('she takes over', async () => {
          if (!(await elsewhere.page.getByRole('button', { name: 'Take over' }).isVisible())) await again(elsewhere);
          await elsewhere.press('Take over');
          await elsewhere.isOnline();
          await anna.sees('You were signed out because this account signed in elsewhere.');
        }),
        step('what comes now arrives there', async () => {
          await bert.open('anna');
          await bert.write('Where are you now?');
          await elsewhere.open('bert');
          await elsewhere.reads('Where are you now?');
        }),
        step('back at the first computer nothing was lost, and the password is enough to go on', async () => {
          expect(await anna.field.inputValue()).toBe('half wr');
          await anna.press('Sign in again');
          await anna.dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
          await anna.press('Sign in', anna.dialog);
          await anna.press('Take over', anna.dialog);
          await anna.isOnline();
          await elsewhere.sees('You were signed out because this account signed in elsewhere.');
          expect(await anna.field.inputValue()).toBe('half wr');
        }),
        step('and the second goes home', async () => {
          await elsewhere.quit();
          await anna.write('Here again');
          await bert.reads('Here again');
        }),
        SERVER_MAY_FALL,
        step('they go on', async () => {
          await bert.write('Good');
          await anna.reads('Good');
        }),
      ];
    },
  }),

  story({
    name: 'another certificate than before: the app sends nothing until the user has compared and accepted it (G1, G7)',
    people: ['anna', 'bert'],
    variants: ['plain', 'reload'],
    parts: ({ anna, bert }, stage) => [
      step('while anna writes, the server is replaced by one with another certificate', async () => {
        await anna.open('bert');
        await anna.field.fill('Before');
        await stage.serverEnds();
        await anna.bar.waitFor();
        await anna.write('Written meanwhile');
        for (const file of ['server-certificate.pem', 'server-key.pem']) rmSync(join(stage.server.dataFolder, file));
        await stage.serverIsBack();
        for (const person of [anna, bert]) await person.sees('The certificate of the server has changed');
      }),
      step('both fingerprints are shown, and accepting takes two steps', async () => {
        const shown = (await anna.page.getByRole('alert').innerText()).replaceAll(/[^0-9A-F]/g, '');
        expect(shown).toContain(anna.fingerprint.replaceAll(':', ''));
        expect(shown).toContain((stage.server.fingerprint ?? 'none').replaceAll(':', ''));
        expect(await anna.page.getByRole('button', { name: 'Trust the new certificate' }).isDisabled()).toBe(true);
      }),
      step('both accept it, and what waited goes out', async () => {
        for (const person of [anna, bert]) {
          await person.page.getByLabel('I have asked, and the new certificate is right.').check();
          await person.press('Trust the new certificate');
        }
        await Promise.all([anna.isOnline(), bert.isOnline()]);
        await bert.open('anna');
        await bert.reads('Written meanwhile');
      }),
    ],
  }),
];

/** The page was loaded again after the refusal. */
async function again(person: Person): Promise<void> {
  await person.signIn();
  await person.sees('This account is signed in elsewhere.');
}
