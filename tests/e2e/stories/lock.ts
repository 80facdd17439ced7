import { expect } from 'vitest';
import { SERVER_MAY_FALL, step, story } from '../../support/stories/story.ts';

const FIRST = 'battery staple';
const SECOND = 'horse correct';

export const LOCK = [
  story({
    name: 'a passphrase locks what is kept: the app asks for it at each start, and nothing else opens it (G1, G8)',
    people: ['anna', 'bert'],
    parts: ({ anna, bert }) => {
      const unlock = async (passphrase: string): Promise<void> => {
        await anna.fill('Passphrase', passphrase);
        await anna.press('Unlock');
      };
      const nothingIsShown = async (): Promise<void> => {
        await anna.sees('Aside is locked');
        const shown = await anna.page.locator('body').innerText();
        for (const secret of ['anna', 'bert', 'Buried', 'half']) expect(shown).not.toContain(secret);
      };
      const everythingIsThere = async (): Promise<void> => {
        await anna.isOnline();
        await anna.open('bert');
        await anna.reads('Buried under the oak');
        await expect.poll(() => anna.field.inputValue()).toBe('and half wr');
      };
      return [
        step('anna has something to protect', async () => {
          await anna.open('bert');
          await anna.write('Buried under the oak');
          await anna.lastIs('Delivered');
          await anna.field.fill('and half wr');
          await anna.inList('bert').waitFor();
        }),
        step('a passphrase that will not do is told at its field', async () => {
          await anna.settings('Account');
          await anna.fill('New passphrase', 'short');
          await anna.press('Set passphrase', anna.dialog);
          await anna.isWrong('New passphrase', 'The passphrase is too short. Use 8 characters or more.');
          await anna.fill('New passphrase', FIRST);
          await anna.fill('Repeat new passphrase', SECOND);
          await anna.press('Set passphrase', anna.dialog);
          await anna.isWrong('Repeat new passphrase', 'The passphrases do not match.');
          await anna.sees('Confirm this first. Without the passphrase, your data cannot be opened.');
          await anna.leaveDialog();
        }),
        step('she sets one', async () => {
          await anna.settings('Account');
          await anna.fill('New passphrase', FIRST);
          await anna.fill('Repeat new passphrase', FIRST);
          await anna.dialog.getByLabel('I have written the passphrase down or will not forget it.').check();
          await anna.press('Set passphrase', anna.dialog);
          await anna.dialog.getByText('The data on this computer is encrypted with your passphrase.').waitFor();
          await anna.leaveDialog();
          await everythingIsThere();
        }),
        SERVER_MAY_FALL,
        step('her computer goes out, and when the app starts again it is locked', async () => {
          await anna.crash();
          await nothingIsShown();
        }),
        step('another passphrase is refused, at its field', async () => {
          await unlock('wrong horse');
          await anna.isWrong('Passphrase', 'The passphrase is wrong. Try again.');
          await nothingIsShown();
        }),
        step('meanwhile bert answers', async () => {
          await bert.open('anna');
          await bert.write('Which oak?');
          await bert.lastIs('Sent');
        }),
        step('the right one opens it: what was said, what was half written, and what has come', async () => {
          await unlock(FIRST);
          await everythingIsThere();
          await anna.reads('Which oak?');
        }),
        step('she changes it, which needs the one so far', async () => {
          await anna.settings('Account');
          await anna.fill('Current passphrase', 'wrong horse');
          await anna.fill('New passphrase', SECOND);
          await anna.fill('Repeat new passphrase', SECOND);
          await anna.press('Change passphrase', anna.dialog);
          await anna.isWrong('Current passphrase', 'The passphrase is wrong. Try again.');
          await anna.fill('Current passphrase', FIRST);
          await anna.press('Change passphrase', anna.dialog);
          await anna.sees('Passphrase changed.');
          await anna.leaveDialog();
        }),
        step('from then on the old one opens nothing', async () => {
          await anna.restart();
          await unlock(FIRST);
          await anna.isWrong('Passphrase', 'The passphrase is wrong. Try again.');
        }),
        step('and the new one everything', async () => {
          await unlock(SECOND);
          await everythingIsThere();
          await anna.reads('Which oak?');
        }),
      ];
    },
  }),
];
