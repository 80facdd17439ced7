import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { PASSWORD, type Person } from '../../support/stories/person.ts';
import { SERVER_MAY_FALL, step, story } from '../../support/stories/story.ts';

/** Saves the history, or one conversation of it. @returns what is in the file */
async function save(person: Person, form: RegExp, conversation = 'All conversations'): Promise<string> {
  await person.settings('History');
  const section = person.dialog.getByRole('region', { name: 'Save as a file' });
  await section.getByText(form).click();
  await section.getByLabel('Which conversations').selectOption(conversation);
  const [file] = await Promise.all([
    person.page.waitForEvent('download'),
    section.getByRole('button', { name: 'Save as a file' }).click(),
  ]);
  await person.dialog.getByText(`are saved in the file ${file.suggestedFilename()}.`).waitFor();
  const text = await readFile(await file.path(), 'utf8');
  await person.leaveDialog();
  return text;
}

/** Chooses a file of these lines for import. What comes of it is for the story to see. */
async function bringIn(person: Person, lines: readonly string[]): Promise<void> {
  await person.page
    .locator('input[type=file]')
    .setInputFiles({ name: 'a.jsonl', mimeType: 'text/plain', buffer: Buffer.from(lines.join('\n')) });
}

async function forget(person: Person, conversation: string, question: string): Promise<void> {
  await person.settings('History');
  const section = person.dialog.getByRole('region', { name: 'Delete' });
  await section.getByLabel('Which conversations').selectOption(conversation);
  await section.getByRole('button', { name: 'Delete…' }).click();
  await person.press('Delete', person.page.getByRole('dialog', { name: question }));
  await person.sees('Deleted on this computer.');
  if (await person.dialog.isVisible()) await person.leaveDialog();
}

const said = (person: Person): Promise<string[]> => person.messages.locator('.bubble').allInnerTexts();

export const KEEP = [
  story({
    name: 'the history is exported to a file, deleted in part and whole, and imported again (G8)',
    people: ['anna', 'bert'],
    parts: ({ anna, bert }) => {
      let saved = '';
      const everythingIsThere = async (): Promise<void> => {
        await anna.open('Everyone');
        await expect.poll(() => said(anna)).toEqual(['Lunch, anybody?']);
        await anna.open('bert');
        await expect.poll(() => said(anna)).toEqual(['The harvest festival is on Sunday', 'I’ll bring <b>cake</b>']);
        await anna.messages.filter({ hasText: 'cake' }).getByText('bert · ').waitFor();
      };
      return [
        step('they talk, and anna says something to everyone', async () => {
          await anna.open('bert');
          await bert.open('anna');
          await anna.write('The harvest festival is on Sunday');
          await bert.reads('festival');
          await bert.write('I’ll bring <b>cake</b>');
          await anna.reads('cake');
          await anna.open('Everyone');
          await anna.write('Lunch, anybody?');
          await anna.lastIs('Sent to 1 person');
        }),
        step('anna saves all of it, to import it again', async () => {
          saved = await save(anna, /^JSON/);
          const [, ...lines] = saved.trimEnd().split('\n');
          const texts = lines.map((line) => (JSON.parse(line) as { text: string }).text);
          expect(texts.sort()).toEqual([
            'I’ll bring <b>cake</b>',
            'Lunch, anybody?',
            'The harvest festival is on Sunday',
          ]);
        }),
        SERVER_MAY_FALL,
        step('and what was said with bert, to read', async () => {
          const page = await save(anna, /^HTML/, 'bert');
          expect(page).toContain('I’ll bring &lt;b&gt;cake&lt;/b&gt;');
          expect(page).not.toContain('Lunch');
        }),
        step('she deletes the conversation with bert here, and only that', async () => {
          await forget(anna, 'bert', 'Delete the conversation with bert?');
          await anna.open('Everyone');
          await anna.reads('Lunch, anybody?');
          expect(await anna.inList('bert').getByText('festival').count()).toBe(0);
          await anna.open('bert');
          await anna.sees('This is the beginning of your conversation with bert.');
          expect(await anna.messages.count()).toBe(0);
          expect(await said(bert)).toHaveLength(2);
        }),
        step('and then everything', async () => {
          await forget(anna, 'All conversations', 'Delete all conversations?');
          await anna.open('Everyone');
          await expect.poll(() => anna.messages.count()).toBe(0);
        }),
        step('it does not come back by itself', async () => {
          await anna.restart();
          await anna.isOnline();
          await anna.open('Everyone');
          await anna.sees('Messages here go to all users who are online now.');
          expect(await anna.messages.count()).toBe(0);
        }),
        step('a file that is none is refused, a faulty line is left out and told', async () => {
          await anna.settings('History');
          await bringIn(anna, ['Dear diary,', 'today nothing happened.']);
          await anna.sees('This file is not a history that Aside saved as JSON.');
          const [header = '', first = ''] = saved.split('\n');
          await bringIn(anna, [header, first, '{"text":"half a li']);
          await anna.sees('One message was added; 0 were here already.');
          await anna.sees('One line was skipped:');
          await anna.sees('Line 3: This line is not JSON.');
          await anna.leaveDialog();
        }),
        SERVER_MAY_FALL,
        step('the saved file brings back the rest, each message once and in its place', async () => {
          await anna.settings('History');
          await bringIn(anna, saved.split('\n'));
          await anna.sees('2 messages were added; one was here already.');
          await anna.leaveDialog();
          await everythingIsThere();
        }),
        step('it can be found again, and saved as before', async () => {
          await anna.page.keyboard.press('Control+f');
          await anna.page.getByRole('searchbox', { name: 'Words, or parts of words' }).fill('harv fest');
          await anna.page
            .getByRole('complementary', { name: 'Search messages' })
            .getByRole('button', { name: /harvest festival/ })
            .waitFor();
          await anna.page.keyboard.press('Escape');
          expect(await save(anna, /^JSON/)).toBe(saved);
        }),
        step('her app ends and starts again, and it is still there', async () => {
          await anna.restart();
          await everythingIsThere();
        }),
      ];
    },
  }),

  story({
    name: 'two accounts on one computer keep separate data; a forgotten account needs its password again (G1, B6, G3)',
    people: ['anna', 'bert'],
    parts: ({ anna, bert }) => {
      const goOnAs = async (name: string): Promise<void> => {
        await anna.find(`continue ${name}`, `Continue as ${name} at ${anna.server}`);
        await anna.press('Continue', anna.page.getByRole('dialog', { name: `Continue as ${name}` }));
        await isHere(name);
      };
      const isHere = async (name: string): Promise<void> => {
        await anna.page.getByRole('navigation').getByText(name, { exact: true }).first().waitFor();
        await anna.isOnline();
        await anna.settings('Account');
        await anna.dialog.getByText(`Signed in as ${name}`).waitFor();
        await anna.leaveDialog();
      };
      const another = async (): Promise<void> => {
        await anna.settings('Account');
        await anna.press('Use another account', anna.dialog);
        await anna.press('Continue', anna.page.getByRole('dialog', { name: 'Use another account?' }));
        await anna.sees('Continue with a remembered account');
      };
      return [
        step('anna writes to bert, and half writes something more', async () => {
          await anna.open('bert');
          await anna.write('This is anna');
          await bert.open('anna');
          await bert.reads('This is anna');
          await anna.field.fill('Half of anna');
        }),
        step('another user wants to use her computer', another),
        step('and makes an account there, which has nothing of hers', async () => {
          await anna.register('dora');
          await isHere('dora');
          await anna.open('bert');
          expect(await anna.field.inputValue()).toBe('');
          expect(await anna.messages.count()).toBe(0);
        }),
        SERVER_MAY_FALL,
        step('dora writes to bert, too, and half writes something more', async () => {
          await anna.write('This is dora');
          await bert.open('dora');
          await bert.reads('This is dora');
          await anna.field.fill('Half of dora');
        }),
        step('what bert answers anna does not reach dora', async () => {
          await bert.open('anna');
          await bert.write('Hello anna');
          await bert.lastIs('Sent');
          expect(await anna.page.getByText('Hello anna').count()).toBe(0);
        }),
        step('anna goes on, without her password, where she was', async () => {
          await goOnAs('anna');
          await anna.open('bert');
          await anna.reads('Hello anna');
          expect(await said(anna)).toEqual(['This is anna', 'Hello anna']);
          expect(await anna.field.inputValue()).toBe('Half of anna');
        }),
        SERVER_MAY_FALL,
        step('her app ends and starts again: it is still hers', async () => {
          await anna.restart();
          await isHere('anna');
        }),
        step('dora goes on, without her password, where she was', async () => {
          await goOnAs('dora');
          await anna.open('bert');
          await expect.poll(() => said(anna)).toEqual(['This is dora']);
          expect(await anna.field.inputValue()).toBe('Half of dora');
        }),
        step('dora has this computer forget anna', async () => {
          await anna.settings('Account');
          await anna.press(`Forget anna at ${anna.server}`, anna.dialog);
          await anna.press('Forget', anna.page.getByRole('dialog', { name: /^Forget anna/ }));
          await anna.page.getByRole('dialog', { name: /^Forget anna/ }).waitFor({ state: 'detached' });
        }),
        step('it is not offered any more', async () => {
          if (await anna.dialog.isVisible()) await anna.leaveDialog();
          await anna.settings('Account');
          await anna.dialog.getByText('in use', { exact: true }).waitFor();
          expect(await anna.page.getByRole('button', { name: /(Continue as|Forget) anna/ }).count()).toBe(0);
          await anna.leaveDialog();
        }),
        step('who wants to go on as anna is asked for her password', async () => {
          await another();
          expect(await anna.page.getByRole('button', { name: /Continue as anna/ }).count()).toBe(0);
          await anna.signIn('wrong password');
          await anna.isWrong('Password', '2 more tries before the account is locked.');
        }),
        step('with it everything of hers is there again', async () => {
          await anna.signIn(PASSWORD);
          await isHere('anna');
          await anna.open('bert');
          await expect.poll(() => said(anna)).toEqual(['This is anna', 'Hello anna']);
        }),
      ];
    },
  }),
];
