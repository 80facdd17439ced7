import { expect } from 'vitest';
import type { Person } from '../../support/stories/person.ts';
import { SERVER_MAY_FALL, step, story } from '../../support/stories/story.ts';

const RELAYED = 'through the server';

/** One asks, the other accepts, and both are in the private part of their conversation, straight from one to the other. */
async function goAside(asker: Person, other: Person): Promise<void> {
  for (let attempts = 1; ; attempts++) {
    await accepted(asker, other);
    await Promise.all([asker.isAside(other.name), other.isAside(asker.name)]);
    // A busy machine may find no direct path in the time that there is for it (F4). Nothing is wrong then.
    if (attempts === 3 || !(await asker.page.getByText(`Private · ${RELAYED}`).first().isVisible())) break;
    await asker.press('End');
    await other.sees(`The private session with ${asker.name} has ended.`);
  }
  await Promise.all([asker.isAside(other.name, { path: 'direct' }), other.isAside(asker.name, { path: 'direct' })]);
}

/** The same, through the server. */
async function goAsideSealed(asker: Person, other: Person): Promise<void> {
  await accepted(asker, other);
  await Promise.all([asker.isAside(other.name, { path: RELAYED }), other.isAside(asker.name, { path: RELAYED })]);
}

async function accepted(asker: Person, other: Person): Promise<void> {
  await asker.ask(other.name);
  await other.open(asker.name);
  await other.press('Accept', other.requestOf(asker.name));
}

/** Says something aside, and sees it arrive. */
async function say(from: Person, to: Person, text: string): Promise<void> {
  await from.write(text);
  await to.hears(text);
  await from.page
    .getByRole('log', { name: /^Private/ })
    .getByText('Delivered')
    .last()
    .waitFor();
}

const digitsOf = async (person: Person): Promise<string> =>
  (await person.dialog.locator('p.font-mono').innerText()).replaceAll(/\s+/g, ' ');

export const ASIDE = [
  story({
    name: 'a request to talk aside is declined, cancelled and accepted; the session connects directly (F1, F4, F5)',
    people: ['anna', 'bert'],
    parts: ({ anna, bert }) => [
      step('anna asks, with a line; bert sees it with a clock', async () => {
        await anna.ask('bert', 'About <b>Friday</b>');
        await bert.requestOf('anna').getByText('About <b>Friday</b>').waitFor();
        expect(await bert.requestOf('anna').getByRole('timer').innerText()).toMatch(/^(0:[0-5]\d|1:00)$/);
      }),
      step('bert declines; anna is told, once', async () => {
        await bert.press('Decline', bert.requestOf('anna'));
        await anna.sees('bert declined to talk aside.');
        await anna.press('Dismiss', anna.page.getByRole('main'));
        await anna.seesNoMore('Waiting for bert');
      }),
      SERVER_MAY_FALL,
      step('anna asks again, and takes it back', async () => {
        await anna.ask('bert');
        await bert.requestOf('anna').waitFor();
        await anna.press('Cancel request');
        await bert.requestOf('anna').waitFor({ state: 'detached' });
        await anna.seesNoMore('Waiting for bert');
      }),
      step('anna asks a third time, and bert accepts', async () => {
        await goAside(anna, bert);
      }),
      step('they talk; each word arrives and is marked as delivered', async () => {
        await say(anna, bert, 'Nobody else reads this');
        await say(bert, anna, 'Good');
      }),
      SERVER_MAY_FALL,
      step('the other part of their conversation has nothing of it', async () => {
        await anna.press('Through the server');
        await anna.page.getByRole('main', { name: 'Conversation with bert' }).waitFor();
        expect(await anna.messages.count()).toBe(0);
        await anna.press('Aside', anna.page.getByRole('group', { name: 'Part of the conversation' }));
        await anna.hears('Nobody else reads this');
      }),
      step('still talking, both ways', async () => {
        await say(anna, bert, 'Still here');
        await say(bert, anna, 'Me, too');
        await Promise.all([anna.isAside('bert', { path: 'direct' }), bert.isAside('anna', { path: 'direct' })]);
      }),
      step('bert half writes something', async () => {
        await bert.field.fill('A half secret');
      }),
      step('and finds it where he left it', async () => {
        expect(await bert.field.inputValue()).toBe('A half secret');
      }),
      step(
        'anna is in the middle of a sentence when bert ends it; it goes nowhere; both know, and nothing of it is left',
        async () => {
          await anna.field.fill('My password is ');
          await bert.press('End');
          await anna.sees('The private session with bert has ended.');
          await anna.page.keyboard.type('hunter2');
          await anna.page.keyboard.press('Enter');
          expect(await anna.field.count()).toBe(0);
          await anna.sees('My password is');
          await anna.seesOver('The private session with bert has ended.');
          await bert.page.getByRole('main', { name: 'Conversation with anna' }).waitFor();
          for (const person of [anna, bert]) expect(await person.messages.count()).toBe(0);
        },
      ),
    ],
  }),

  story({
    name: 'both users compare safety numbers, and both save the messages of the session (F7, F8)',
    people: ['anna', 'bert'],
    parts: ({ anna, bert }) => [
      step('they go aside for the first time', async () => {
        await goAside(anna, bert);
        for (const person of [anna, bert])
          await person.sees(
            'This is the first private session with this user. Compare safety numbers to verify the identity.',
          );
        await say(anna, bert, 'Not to be kept');
      }),
      step('both see the same digits, and say so', async () => {
        const seen: string[] = [];
        for (const person of [anna, bert]) {
          await person.press('Compare', person.page.getByRole('log', { name: /^Private/ }));
          await person.dialog.getByRole('img', { name: 'The safety number as a QR code' }).waitFor();
          seen.push(await digitsOf(person));
          await person.press('Mark as verified', person.dialog);
          await person.dialog.getByText('Verified', { exact: true }).waitFor();
          await person.leaveDialog();
        }
        expect(seen[0]).toMatch(/^(\d{5} ){11}\d{5}$/);
        expect(seen[1]).toBe(seen[0]);
      }),
      step('it is shown that they are verified', async () => {
        for (const person of [anna, bert]) {
          await person.page.getByRole('complementary').getByText('Verified', { exact: true }).waitFor();
        }
      }),
      SERVER_MAY_FALL,
      step('anna wants it kept, which alone does nothing', async () => {
        await anna.page.getByLabel('Save the messages of this session').click();
        await anna.sees('They are saved when bert asks for it, too.');
        await bert.sees('anna asks to save the messages of this session.');
        await say(bert, anna, 'Not kept yet');
      }),
      step('bert wants it, too', async () => {
        await bert.page.getByLabel('Save the messages of this session').click();
        await Promise.all([
          anna.isAside('bert', { kept: 'saved by both' }),
          bert.isAside('anna', { kept: 'saved by both' }),
        ]);
        await say(anna, bert, 'This is for later');
      }),
      SERVER_MAY_FALL,
      step('anna ends it; both find what was kept, and only that', async () => {
        await anna.press('End');
        await bert.seesOver('The private session with anna has ended.');
        for (const person of [anna, bert]) {
          await person.reads('This is for later');
          await person.messages.getByText('Private message, saved by both').waitFor();
          expect(await person.messages.count()).toBe(1);
        }
      }),
      step('next time they know each other', async () => {
        await goAside(bert, anna);
        for (const person of [anna, bert]) await person.sees('Verified: you have compared safety numbers.');
      }),
    ],
  }),

  story({
    name: 'a user with a hidden address talks aside through the server, encrypted, and directly with one user (F2, F4)',
    people: ['anna', 'bert'],
    parts: ({ anna, bert }) => [
      step('anna never wants to tell where her computer is', async () => {
        await anna.settings('Talking aside');
        await anna.dialog.getByLabel(/^Connect directly/).click();
        await expect.poll(() => anna.dialog.getByLabel(/^Connect directly/).isChecked()).toBe(false);
        await anna.leaveDialog();
      }),
      SERVER_MAY_FALL,
      step('what she talks aside goes through the server, sealed; both see it', async () => {
        await goAsideSealed(bert, anna);
        await say(anna, bert, 'Where am I?');
        await say(bert, anna, 'No idea');
        for (const person of [anna, bert])
          expect(await person.page.getByText('127.0.0.1 ', { exact: true }).count()).toBe(0);
      }),
      step('they end it', async () => {
        await bert.press('End');
        await anna.seesOver('The private session with bert has ended.');
      }),
      step('bert may know', async () => {
        await anna.sees('Default: Through the server, encrypted');
        const directly = anna.page.getByLabel('Directly', { exact: true });
        await directly.click();
        await expect.poll(() => directly.isChecked()).toBe(true);
      }),
      step('with him she talks directly now', async () => {
        await goAside(anna, bert);
        await say(bert, anna, 'There you are');
      }),
    ],
  }),

  story({
    name: 'another device than the known one is shown, and no message goes to it before it is accepted (F6, F8)',
    people: ['anna', 'bert'],
    parts: ({ anna, bert }, stage) => {
      const elsewhere = stage.person('bert');
      return [
        step('they have talked aside, and anna has compared', async () => {
          await goAside(anna, bert);
          await anna.press('Compare', anna.page.getByRole('log', { name: /^Private/ }));
          await anna.press('Mark as verified', anna.dialog);
          await anna.dialog.getByText('Verified', { exact: true }).waitFor();
          await anna.leaveDialog();
          await bert.press('End');
          await anna.seesOver('The private session with bert has ended.');
        }),
        step('bert goes on at another computer', async () => {
          await bert.quit();
          await elsewhere.start();
          await elsewhere.press('Connect');
          await elsewhere.compare();
          await elsewhere.signIn();
          await elsewhere.isOnline();
        }),
        step(
          'his question to talk aside comes with a warning, and nothing is accepted before the device is',
          async () => {
            await elsewhere.ask('anna');
            await anna.requestOf('bert').getByText('Another device than before!').waitFor();
            await anna.page.getByRole('complementary').getByText('Changed', { exact: true }).waitFor();
            await anna.press('Accept', anna.requestOf('bert'));
            await anna.sees('Compare the safety number and accept the identity first.');
            expect(await anna.page.getByRole('main', { name: 'Private conversation with bert' }).count()).toBe(0);
            await elsewhere.press('Cancel request');
            await anna.requestOf('bert').waitFor({ state: 'detached' });
          },
        ),
        step('anna compares, and accepts the new device, which is not verified by that', async () => {
          await anna.press('Compare', anna.page.getByRole('complementary'));
          await anna.dialog.getByText('bert uses another device than before').waitFor();
          await anna.press('Accept the new device', anna.dialog);
          await anna.dialog.waitFor({ state: 'detached' });
        }),
        SERVER_MAY_FALL,
        step('now they go aside, with the same number on both sides', async () => {
          await goAside(elsewhere, anna);
          await anna.sees('The same device as last time; the safety number is not verified yet.');
          const seen: string[] = [];
          for (const person of [anna, elsewhere]) {
            await person.press('Compare', person.page.getByRole('log', { name: /^Private/ }));
            seen.push(await digitsOf(person));
            await person.leaveDialog();
          }
          expect(seen[1]).toBe(seen[0]);
        }),
        step('and talks with it', async () => {
          await say(anna, elsewhere, 'So it is you');
        }),
      ];
    },
  }),
];

/** This story waits for a minute, so the runner tells it beside the others. */
export const EXPIRING = story({
  name: 'a request without an answer expires after a minute, on both sides (F1)',
  people: ['anna', 'bert'],
  variants: ['plain'],
  parts: ({ anna, bert }) => [
    step('anna asks', async () => {
      await anna.ask('bert');
      await bert.requestOf('anna').waitFor();
    }),
    step('bert does nothing', async () => {
      const over = anna.page.getByText('The request to talk aside was not answered in time.').first();
      await over.waitFor({ timeout: 150_000 });
      await bert.requestOf('anna').waitFor({ state: 'detached' });
      await anna.seesNoMore('Waiting for bert');
    }),
  ],
});
