import { expect } from 'vitest';
import { SERVER_MAY_FALL, step, story } from '../../support/stories/story.ts';

/** The contract's bound of a text (D5), and one byte more. */
const LONGEST = 'a'.repeat(8_192);
const TOO_LONG = `${LONGEST}b`;

export const TALK = [
  story({
    name: 'two users exchange messages, see unread counts, and send to everyone (G2, D7)',
    people: ['anna', 'bert', 'carla'],
    parts: ({ anna, bert, carla }) => [
      step('everybody sees who is online', async () => {
        await anna.inList('bert').waitFor();
        await anna.inList('carla').waitFor();
        await bert.inList('anna').waitFor();
      }),
      step('anna writes to bert, who is looking at something else', async () => {
        await bert.open('Everyone');
        await anna.open('bert');
        for (const text of ['One', 'Two', 'Three']) await anna.write(text);
        await anna.lastIs('Delivered');
        await bert.inList('anna').getByText('3 unread').waitFor();
        await expect.poll(() => bert.page.title()).toBe('(3) Aside');
      }),
      SERVER_MAY_FALL,
      step('bert reads, and nothing is unread any more', async () => {
        await bert.open('anna');
        await bert.reads('Three');
        expect(await bert.messages.count()).toBe(3);
        await expect.poll(() => bert.page.title()).toBe('Aside');
        expect(await bert.inList('anna').getByText('unread').count()).toBe(0);
      }),
      step('bert answers', async () => {
        await bert.write('Four');
        await anna.reads('Four');
      }),
      step('carla tells everyone', async () => {
        await carla.open('Everyone');
        await carla.write('Lunch?');
        await carla.lastIs('Sent to 2 people');
        await anna.inList('Everyone').getByText('1 unread').waitFor();
        await bert.open('Everyone');
        await bert.reads('Lunch?');
      }),
      SERVER_MAY_FALL,
      step('all of it is still there, once and in order', async () => {
        await anna.open('bert');
        await expect.poll(() => anna.messages.count()).toBe(4);
        const said = await anna.messages.locator('.bubble').allInnerTexts();
        expect(said).toEqual(['One', 'Two', 'Three', 'Four']);
      }),
    ],
  }),

  story({
    name: 'a draft is kept for each conversation (G3)',
    people: ['anna', 'bert'],
    parts: ({ anna }) => [
      step('anna begins to write to bert', async () => {
        await anna.open('bert');
        await anna.field.fill('Half a sent');
      }),
      step('and something else to everyone', async () => {
        await anna.open('Everyone');
        await anna.field.fill('For all');
        await anna.inList('bert').getByText('Draft: Half a sent').waitFor();
      }),
      SERVER_MAY_FALL,
      step('her app ends and starts again', async () => {
        await anna.restart();
        await anna.open('Everyone');
        await expect.poll(() => anna.field.inputValue()).toBe('For all');
      }),
      step('she finds both', async () => {
        await anna.open('bert');
        await expect.poll(() => anna.field.inputValue()).toBe('Half a sent');
      }),
    ],
  }),

  story({
    name: 'a message shows its state and the reason, can be cancelled, and is sent after reconnecting (D2, D8, G3)',
    people: ['anna', 'bert'],
    variants: ['plain', 'reload'],
    parts: ({ anna, bert }, stage) => [
      step('bert is away; what anna writes is sent', async () => {
        await bert.quit();
        await anna.open('bert');
        await anna.write('Are you there?');
        await anna.lastIs('Sent');
        await anna.press('Why not yet?', anna.messages.last());
        await anna.sees('The server has stored the message. bert gets it when their app connects.');
      }),
      step('bert comes back and has it', async () => {
        await bert.start();
        await bert.isOnline();
        await bert.open('anna');
        await bert.reads('Are you there?');
      }),
      step('anna sees that it is delivered, and no explanation, without a reload', async () => {
        await anna.lastIs('Delivered');
        await anna.seesNoMore('The server has stored the message.');
      }),
      step('the server is gone; what anna writes waits here', async () => {
        await stage.serverEnds();
        await Promise.all([anna.bar.waitFor(), bert.bar.waitFor()]);
        await anna.write('Goes out later');
        await anna.lastIs('Waiting');
        await anna.press('Why not yet?', anna.messages.last());
        await anna.sees('There is no connection to the server.');
      }),
      step('anna writes something else, and cancels it', async () => {
        await anna.write('Better not');
        await anna.press('Cancel message', anna.messages.last());
        await anna.seesNoMore('Better not');
      }),
      step('her app ends and starts again: the one still waits, the other is gone', async () => {
        await anna.restart();
        await anna.open('bert');
        await anna.lastIs('Waiting');
        await anna.reads('Goes out later');
        expect(await anna.page.getByText('Better not').count()).toBe(0);
      }),
      step('the server is back; the one goes out, the other never does', async () => {
        await stage.serverIsBack();
        await Promise.all([anna.isOnline(), bert.isOnline()]);
        // The order of reconnecting is open: messages that arrive before bert wait for him at the server.
        await anna.lastIs(/Delivered|Sent/);
        await bert.reads('Goes out later');
        await anna.write('And this');
        await bert.reads('And this');
        expect(await bert.messages.locator('.bubble').allInnerTexts()).toEqual([
          'Are you there?',
          'Goes out later',
          'And this',
        ]);
      }),
    ],
  }),

  story({
    name: 'Markdown, code, emoji, links and long texts arrive unchanged (G3)',
    people: ['anna', 'bert'],
    parts: ({ anna, bert }) => [
      step('anna writes in several lines, with marks', async () => {
        await anna.open('bert');
        await bert.open('anna');
        await anna.field.fill('**bold** and *leaning* and ~~gone~~ and `code`');
        await anna.page.keyboard.press('Shift+Enter');
        await anna.page.keyboard.type('second line');
        await anna.page.keyboard.press('Enter');
        const bubble = bert.messages.last();
        for (const [tag, text] of Object.entries({ strong: 'bold', em: 'leaning', s: 'gone', code: 'code' })) {
          await bubble.locator(tag).getByText(text, { exact: true }).waitFor();
        }
        expect(await bubble.locator('.bubble').innerText()).toBe('bold and leaning and gone and code\nsecond line');
      }),
      step('a block of code has its colours', async () => {
        await anna.write('```js\nconst answer = 42;\n```');
        await bert.messages.last().locator('pre').getByText('const').waitFor();
        await expect.poll(() => bert.messages.last().locator('pre span[class]').count()).toBeGreaterThan(1);
      }),
      SERVER_MAY_FALL,
      step('an emoji is found by its name', async () => {
        await anna.press('Emoji');
        await anna.page.getByRole('combobox', { name: 'Search emoji' }).fill('thumb');
        await anna.page.keyboard.press('Enter');
        await expect.poll(() => anna.field.inputValue()).toContain('👍');
        await anna.page.keyboard.press('Enter');
        await bert.reads('👍');
      }),
      step('a link shows its real place first, and is not opened by a click', async () => {
        await anna.write('See [the bank](https://evil.example/login)');
        await bert.messages.last().getByRole('link', { name: 'the bank' }).click();
        await bert.dialog.getByText('evil.example', { exact: true }).waitFor();
        await bert.dialog.getByText('https://evil.example/login').waitFor();
        await bert.leaveDialog();
        expect(bert.page.context().pages()).toHaveLength(1);
      }),
      step('one byte too many is counted and not sent', async () => {
        await anna.field.focus();
        await anna.page.keyboard.insertText(TOO_LONG);
        await anna.sees('1 byte too long. Shorten it, or send it in parts.');
        await anna.page.keyboard.press('Enter');
        expect(await anna.page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
        expect(await anna.field.inputValue()).toBe(TOO_LONG);
      }),
      step('without it, the whole text arrives', async () => {
        await anna.field.press('Control+End');
        await anna.page.keyboard.press('Backspace');
        await anna.sees('0 bytes left');
        await anna.page.keyboard.press('Enter');
        await bert.press('Show more', bert.messages.last());
        await expect.poll(() => bert.messages.last().locator('.bubble').innerText()).toBe(`${LONGEST}\nShow less`);
      }),
    ],
  }),

  story({
    name: 'search finds a message by parts of words and opens it; deleting removes it on this computer only (G2, G3)',
    people: ['anna', 'bert'],
    parts: ({ anna, bert }) => [
      step('they talk for a while', async () => {
        await anna.open('bert');
        await anna.write('The harvest festival is on Sunday');
        for (let count = 1; count <= 30; count++) await anna.write(`And something else, number ${count}`);
        await anna.lastIs('Delivered');
        // The view opens at the first unread message.
        await bert.open('anna');
        await bert.reads('harvest festival');
        await bert.page.getByRole('button', { name: /new messages? below/ }).click();
        await bert.reads('number 30');
        await bert.inList('anna').getByText('unread').waitFor({ state: 'hidden' });
      }),
      SERVER_MAY_FALL,
      step('bert finds it, and it opens in the middle of what was said around it', async () => {
        await bert.page.keyboard.press('Control+f');
        await bert.page.getByRole('searchbox', { name: 'Words, or parts of words' }).fill('fest harv');
        const found = bert.page.getByRole('complementary', { name: 'Search messages' });
        await found.getByRole('button', { name: /harvest festival/ }).click();
        await bert.messages.getByText('festival').waitFor();
        const marked = () =>
          bert.page.evaluate(() => [...CSS.highlights.values()].flatMap((one) => [...one].map(String)));
        await expect.poll(marked).toEqual(['harv', 'fest']);
        await bert.page.keyboard.press('Escape');
      }),
      step('he deletes it; it is gone here, and only here', async () => {
        await bert.page.getByRole('feed').press('Home');
        await bert.messages.filter({ hasText: 'festival' }).hover();
        await bert.press('Delete here', bert.messages.filter({ hasText: 'festival' }));
        await bert.dialog.getByText('The message is deleted from this computer only; anna keeps a copy.').waitFor();
        await bert.press('Delete here', bert.dialog);
        await bert.seesNoMore('festival');
        await anna.page.getByRole('feed').press('Home');
        await anna.reads('harvest festival');
      }),
      step('and does not come back', async () => {
        await bert.restart();
        await bert.open('anna');
        await bert.reads('number 30');
        await bert.page.getByRole('feed').press('Home');
        await bert.messages.getByText('And something else, number 1', { exact: true }).waitFor();
        expect(await bert.page.getByText('festival').count()).toBe(0);
        await bert.page.keyboard.press('Control+f');
        await bert.page.getByRole('searchbox', { name: 'Words, or parts of words' }).fill('fest harv');
        await bert.sees('Nothing found.');
      }),
    ],
  }),

  story({
    name: 'a blocked user cannot write; after unblocking the same text is sent again (E1, E2, D2)',
    people: ['anna', 'bert'],
    parts: ({ anna, bert }) => [
      step('bert blocks anna, after reading what that means', async () => {
        await anna.open('bert');
        await anna.write('Buy now!');
        await bert.open('anna');
        await bert.press('Block anna');
        await bert.dialog.getByText('anna can no longer write to you').waitFor();
        await bert.press('Block anna', bert.dialog);
        await bert.page.getByRole('button', { name: 'Unblock anna' }).waitFor();
        await bert.sees('You blocked anna');
      }),
      SERVER_MAY_FALL,
      step('what anna writes is refused, and she is told why', async () => {
        await anna.write('Buy two!');
        await anna.lastIs('Couldn’t send');
        await anna.press('Why?', anna.messages.last());
        await anna.sees('Not delivered: this user does not accept messages or requests from you.');
      }),
      step('bert is not there for her, and she cannot ask him aside', async () => {
        await anna.page.getByRole('main').getByText('Offline', { exact: true }).waitFor();
        expect(await anna.page.getByRole('button', { name: 'Talk aside' }).count()).toBe(0);
      }),
      SERVER_MAY_FALL,
      step('bert finds her among the blocked, and unblocks her', async () => {
        await bert.settings('Blocked users');
        await bert.dialog.getByText('anna', { exact: true }).waitFor();
        await bert.press('Unblock anna', bert.dialog);
        await bert.dialog.getByText('You have not blocked any users.').waitFor();
        await bert.leaveDialog();
      }),
      step('anna sends it again', async () => {
        await anna.page
          .getByRole('main')
          .getByText(/^Online/)
          .waitFor();
        await anna.press('Send again', anna.messages.last());
        await anna.lastIs('Delivered');
        await bert.reads('Buy two!');
      }),
    ],
  }),

  story({
    name: 'the palette finds users and commands by a few letters; copying gives the original text (G3, G6)',
    people: ['anna', 'bert', 'carla'],
    parts: ({ anna, bert, carla }) => [
      step('carla goes home', async () => {
        await carla.quit();
        await anna.inList('carla').waitFor({ state: 'detached' });
      }),
      step('anna finds her all the same, and writes to her', async () => {
        await anna.find('car', 'carla');
        await anna.isWith('carla');
        await anna.page.keyboard.type('See you *tomorrow*?');
        await anna.page.keyboard.press('Enter');
        await anna.lastIs('Sent');
      }),
      SERVER_MAY_FALL,
      step('what she wrote is copied by a key', async () => {
        await anna.page.getByRole('feed').press('End');
        await anna.page.locator('[data-index]:focus, [data-index] :focus').waitFor();
        await anna.page.keyboard.press('Control+c');
        await anna.sees('Copied.');
      }),
      step('and goes to bert as it was written', async () => {
        await anna.find('ber', 'bert');
        await anna.isWith('bert');
        await anna.page.keyboard.press('Control+v');
        await expect.poll(() => anna.field.inputValue()).toBe('See you *tomorrow*?');
        await anna.page.keyboard.press('Enter');
        await bert.open('anna');
        await bert.messages.last().locator('em').getByText('tomorrow').waitFor();
      }),
      step('commands are found by words of them', async () => {
        await anna.find('theme dark', 'Dark theme');
        await expect.poll(() => anna.page.locator('html').getAttribute('data-theme')).toBe('dark');
        await anna.find('who here', 'Who was here');
        await anna.dialog.getByText('Show as table').waitFor();
        await anna.leaveDialog();
        await anna.find('aside bert', 'Talk aside with bert');
        await anna.page.getByRole('dialog', { name: 'Talk aside with bert?' }).waitFor();
        await anna.leaveDialog();
      }),
      step('what is neither is looked for in what was said', async () => {
        await anna.find('tomor', 'Search messages for “tomor”');
        const found = anna.page.getByRole('complementary', { name: 'Search messages' });
        await expect.poll(() => found.getByRole('button', { name: /See you/ }).count()).toBe(2);
        await anna.page.keyboard.press('Escape');
      }),
      step('carla comes back, and has it', async () => {
        await carla.start();
        await carla.isOnline();
        await carla.open('anna');
        await carla.reads('See you');
      }),
    ],
  }),
];
