import { expect } from 'vitest';
import { PASSWORD } from '../../support/stories/person.ts';
import { SERVER_MAY_FALL, step, story } from '../../support/stories/story.ts';

export const STATES = [
  story({
    name: 'the server dies: the app says so, keeps written messages, and reconnects by itself (G7, D8)',
    people: ['anna', 'bert'],
    variants: ['plain', 'reload'],
    parts: ({ anna, bert }, stage) => [
      step('nothing answers any more', async () => {
        await anna.open('bert');
        await bert.open('anna');
        await anna.field.fill('half wr');
        await stage.serverEnds();
        await anna.bar.getByText(/Nothing answers at that address|The connection was lost/).waitFor();
        await anna.page.getByRole('banner').or(anna.page.locator('main header')).getByText('No connection').waitFor();
      }),
      step('what is written waits, and what is half written stays', async () => {
        expect(await anna.field.inputValue()).toBe('half wr');
        await anna.write('Written while the server was away');
        await anna.lastIs('Waiting');
        await anna.inList('bert').getByText('Waiting · Written while').waitFor();
        await anna.field.fill('and half w');
      }),
      step('there it is again', async () => {
        await stage.serverIsBack();
        await Promise.all([anna.isOnline(), bert.isOnline()]);
        await bert.reads('Written while the server was away');
        await anna.lastIs(/Delivered|Sent/);
        expect(await anna.field.inputValue()).toBe('and half w');
      }),
    ],
  }),

  story({
    name: 'the operator stops the server: the app says so and reconnects (A6, G7)',
    people: ['anna'],
    variants: ['plain', 'reload'],
    parts: ({ anna }, stage) => [
      step('it says good-bye', async () => {
        await anna.open('Everyone');
        await stage.serverEnds('SIGTERM');
        await anna.sees('The server is stopping or restarting.');
      }),
      step('a moment later it is there again', async () => {
        await stage.serverIsBack();
        // The app also tries by itself, and takes the button away when that succeeds in the moment of pressing.
        await Promise.race([anna.press('Try now').catch(() => undefined), anna.isOnline()]);
        await anna.isOnline();
      }),
    ],
  }),

  story({
    name: 'an idle user is signed out, sees the reason, and continues with the draft after signing in (B5, B6, G7)',
    people: ['anna'],
    server: { timeoutSeconds: 6 },
    variants: ['plain', 'reload'],
    parts: ({ anna }) => [
      step('anna writes, and does nothing more', async () => {
        await anna.open('Everyone');
        await anna.write('Anybody here?');
        await anna.field.fill('half wr');
        await anna.sees('You were signed out because you were inactive.');
      }),
      step('what she had written is there', async () => {
        expect(await anna.field.inputValue()).toBe('half wr');
        await anna.reads('Anybody here?');
      }),
      step('she is back', async () => {
        await anna.press('I am back');
        await anna.dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
        await anna.press('Sign in', anna.dialog);
        await anna.isOnline();
        expect(await anna.field.inputValue()).toBe('half wr');
      }),
    ],
  }),

  story({
    name: 'settings survive a reload of the page and restarts of app and server (G5, G6, F2)',
    people: ['anna'],
    parts: ({ anna }) => {
      const holds = async (): Promise<void> => {
        const page = anna.page.locator('html');
        await expect.poll(() => page.getAttribute('data-theme')).toBe('dark');
        await expect.poll(() => page.getAttribute('data-text-size')).toBe('large');
        await anna.page.getByRole('navigation').getByText('Do not disturb').waitFor();
        await anna.settings('Talking aside');
        expect(await anna.dialog.getByLabel(/^Connect directly/).isChecked()).toBe(false);
        await anna.leaveDialog();
      };
      return [
        step('anna makes herself at home', async () => {
          await anna.settings('Appearance');
          await anna.dialog.getByText('Dark', { exact: true }).click();
          await anna.dialog.getByText('Large', { exact: true }).click();
          await anna.leaveDialog();
          await anna.settings('Notifications');
          await anna.dialog.getByText('For an hour', { exact: true }).click();
          await anna.dialog.getByText(/^No notifications until /).waitFor();
          await anna.leaveDialog();
          await anna.settings('Talking aside');
          await anna.dialog.getByLabel(/^Connect directly/).click();
          await expect.poll(() => anna.dialog.getByLabel(/^Connect directly/).isChecked()).toBe(false);
          await anna.leaveDialog();
        }),
        SERVER_MAY_FALL,
        step('all of it holds', holds),
        step('her app ends and starts again', async () => {
          await anna.restart();
          await anna.isOnline();
        }),
        step('all of it still holds', holds),
        step('and it says which server that is, by its certificate', async () => {
          await anna.settings('About');
          await anna.sees(anna.server);
          const shown = (await anna.dialog.innerText()).replaceAll(/[^0-9A-F]/g, '');
          expect(shown).toContain(anna.fingerprint.replaceAll(':', ''));
          await anna.leaveDialog();
        }),
      ];
    },
  }),

  story({
    name: 'changing the password and deleting the account ask for the password (B1, B4, G4)',
    people: ['anna'],
    parts: ({ anna }) => {
      const fresh = 'another horse battery';
      return [
        step('anna changes her password', async () => {
          await anna.settings('Account');
          await anna.fill('Current password', 'not this one');
          await anna.fill('New password', fresh);
          await anna.fill('Repeat new password', fresh);
          await anna.press('Change password', anna.dialog);
          await anna.sees('Username or password is wrong.');
          await anna.fill('Current password', PASSWORD);
          await anna.press('Change password', anna.dialog);
          await anna.sees('Password changed.');
          await anna.leaveDialog();
        }),
        SERVER_MAY_FALL,
        step('she signs out and in with the new one', async () => {
          await anna.signOut();
          await anna.signIn(PASSWORD);
          await anna.sees('Username or password is wrong.');
          await anna.signIn(fresh);
          await anna.isOnline();
        }),
        step('she deletes her account', async () => {
          await anna.settings('Account');
          await anna.dialog.getByLabel(/^I want to delete the account anna/).check();
          await anna.dialog.getByLabel('Password', { exact: true }).fill(fresh);
          await anna.press('Delete account', anna.dialog);
          await anna.sees('The account was deleted.');
        }),
        step('the deleted account cannot sign in', async () => {
          await anna.signIn(fresh);
          await anna.sees('Username or password is wrong.');
        }),
      ];
    },
  }),

  story({
    name: 'the online history is shown as a chart, by keyboard, and as a table (C3, G4, G6)',
    people: ['anna', 'bert', 'carla'],
    parts: ({ anna, bert, carla }) => {
      const lookBack = async (): Promise<void> => {
        await anna.press('Who was here');
        await anna.dialog.getByRole('img', { name: /^carla: / }).waitFor();
      };
      return [
        step('carla goes home', async () => {
          await carla.signOut();
          await carla.quit();
          await bert.inList('carla').waitFor({ state: 'detached' });
        }),
        SERVER_MAY_FALL,
        step('anna sees in the picture that she has gone, and bert has not', async () => {
          await lookBack();
          const times = (name: string) => anna.dialog.getByRole('img', { name: new RegExp(`^${name}: `) });
          expect(await times('carla').getAttribute('aria-label')).not.toContain('now');
          expect(await times('bert').getAttribute('aria-label')).toContain('now');
        }),
        step('with the keyboard each time is told', async () => {
          if (!(await anna.dialog.isVisible())) await lookBack();
          await anna.dialog.getByRole('img', { name: /^bert: / }).focus();
          await anna.page.keyboard.press('ArrowLeft');
          await anna.dialog
            .getByRole('status')
            .getByText(/^bert: .*now$/)
            .waitFor();
        }),
        step('and as a table, over another time', async () => {
          if (!(await anna.dialog.isVisible())) await lookBack();
          await anna.dialog.getByText('7 days', { exact: true }).click();
          await anna.press('Show as table', anna.dialog);
          const row = anna.dialog.getByRole('row').filter({ hasText: 'carla' });
          await row.waitFor();
          expect(await row.getByRole('cell').innerText()).not.toContain('now');
          expect(await anna.dialog.getByRole('row').filter({ hasText: 'bert' }).innerText()).toContain('now');
        }),
      ];
    },
  }),
];
