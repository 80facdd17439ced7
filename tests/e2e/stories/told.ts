import { expect } from 'vitest';
import type { Notice } from '../../support/stories/desk.ts';
import type { Person } from '../../support/stories/person.ts';
import { SERVER_MAY_FALL, step, story } from '../../support/stories/story.ts';

const HOUR_MS = 3_600_000;

async function isTold(person: Person, before: number, ...wanted: readonly Partial<Notice>[]): Promise<void> {
  await expect
    .poll(async () => (await person.desk.notices()).slice(before), { timeout: 30_000 })
    .toEqual(wanted.map((notice) => expect.objectContaining(notice)));
}

const count = async (person: Person): Promise<number> => (await person.desk.notices()).length;
const hasUnread = (person: Person, many: number): Promise<void> =>
  expect.poll(() => person.desk.unread(), { timeout: 30_000 }).toBe(many);

export const TOLD = [
  story({
    name: 'notifications appear for conversations out of sight, and not for visible or muted ones (G5)',
    people: ['anna', 'bert'],
    parts: ({ anna, bert }) => [
      step('anna allows notifications', async () => {
        await anna.settings('Notifications');
        await anna.dialog.getByLabel('Notify me of new messages').check();
        await anna.leaveDialog();
        await bert.open('anna');
      }),
      step('what comes where she looks is no news', async () => {
        await anna.open('bert');
        await bert.write('You see this anyway');
        await anna.reads('You see this anyway');
        await hasUnread(anna, 0);
      }),
      step('she looks at something else, and is told of the next message, and of nothing before', async () => {
        await anna.open('Everyone');
        await anna.desk.lookElsewhere();
        await bert.write('Psst');
        await isTold(anna, 0, { title: 'bert', body: 'Psst' });
        await hasUnread(anna, 1);
      }),
      SERVER_MAY_FALL,
      step('also of one in the conversation that is open; a click shows it', async () => {
        await anna.desk.lookBack();
        await anna.open('bert');
        await hasUnread(anna, 0);
        await anna.desk.lookElsewhere();
        const before = await count(anna);
        await bert.write('Still there?');
        await isTold(anna, before, { title: 'bert', body: 'Still there?' });
        await hasUnread(anna, 1);
        await anna.desk.clickNotice();
        await anna.reads('Still there?');
        await hasUnread(anna, 0);
      }),
      step('a click opens the conversation, whatever was open', async () => {
        await anna.open('Everyone');
        await anna.desk.lookElsewhere();
        const before = await count(anna);
        await bert.write('Over here');
        await isTold(anna, before, { body: 'Over here' });
        await anna.desk.clickNotice();
        await anna.isWith('bert');
        await anna.reads('Over here');
        await hasUnread(anna, 0);
      }),
      step('for an hour nothing may disturb her: the message is counted, and that is all', async () => {
        await anna.find('disturb hour', 'Do not disturb for an hour');
        await anna.page.getByRole('navigation').getByText('Do not disturb').waitFor();
        await anna.open('Everyone');
        await anna.desk.lookElsewhere();
        const before = await count(anna);
        await bert.write('Quietly');
        await hasUnread(anna, 1);
        await bert.lastIs('Delivered');
        expect(await count(anna)).toBe(before);
      }),
      step('the hour is over, and the next one is told again', async () => {
        const before = await count(anna);
        const realNow = await anna.page.evaluateHandle((later) => {
          const now = Date.now;
          Date.now = () => now() + later;
          return now;
        }, HOUR_MS + 1_000);
        await bert.write('Aloud');
        await isTold(anna, before, { title: 'bert', body: 'Aloud' });
        await realNow.evaluate((now) => {
          Date.now = now;
        });
        await hasUnread(anna, 2);
      }),
      step('she ends the quiet herself', async () => {
        await anna.desk.lookBack();
        await anna.settings('Notifications');
        await anna.dialog.getByText('Off', { exact: true }).click();
        await anna.leaveDialog();
        await anna.page.getByRole('navigation').getByText('Online', { exact: true }).waitFor();
      }),
      step('and is told that bert wants to talk aside; a click shows the question', async () => {
        await anna.desk.lookElsewhere();
        const before = await count(anna);
        await bert.ask('anna', 'A secret');
        await isTold(anna, before, { title: 'bert', body: 'bert wants to talk aside.' });
        await anna.desk.clickNotice();
        await anna.isWith('bert');
        await anna.press('Accept', anna.requestOf('bert'));
        await Promise.all([anna.isAside('bert'), bert.isAside('anna')]);
      }),
      step('of what is said aside she is told that it was said, and not what', async () => {
        await anna.desk.lookElsewhere();
        const before = await count(anna);
        await bert.write('Nobody else may read this');
        await anna.hears('Nobody else may read this');
        await isTold(anna, before, { title: 'bert', body: 'bert sent a private message.' });
      }),
      step('without notifications there are none', async () => {
        await anna.desk.lookBack();
        await bert.press('End');
        await anna.sees('The private session with bert has ended.');
        await anna.settings('Notifications');
        await anna.dialog.getByLabel('Notify me of new messages').uncheck();
        await anna.leaveDialog();
        await anna.open('Everyone');
        await anna.desk.lookElsewhere();
        const before = await count(anna);
        const unread = await anna.desk.unread();
        await bert.write('Into the void');
        await hasUnread(anna, unread + 1);
        expect(await count(anna)).toBe(before);
      }),
    ],
  }),

  story({
    name: 'a link shows its real address before it opens (G3)',
    people: ['anna', 'bert'],
    parts: ({ anna, bert }) => {
      const follow = async (): Promise<void> => {
        await bert.messages.getByRole('link', { name: 'the bank' }).click();
        await bert.dialog.getByText('evil.example', { exact: true }).waitFor();
        await bert.dialog.getByText('https://evil.example/login').waitFor();
      };
      return [
        step('anna sends a link that claims to be another', async () => {
          await anna.open('bert');
          await anna.write('Log in at [the bank](https://evil.example/login)');
          await bert.open('anna');
          await bert.reads('the bank');
        }),
        step('bert sees where it leads, and leaves it', async () => {
          await follow();
          await bert.press('Cancel', bert.dialog);
          await bert.dialog.waitFor({ state: 'detached' });
          expect(await bert.desk.opened()).toEqual([]);
        }),
        SERVER_MAY_FALL,
        step('he wants to see it: it is opened beside the app, which goes on', async () => {
          await follow();
          await bert.dialog
            .getByRole('link', { name: 'Open' })
            .or(bert.dialog.getByRole('button', { name: 'Open' }))
            .click();
          await expect.poll(() => bert.desk.opened()).toEqual(['https://evil.example/login']);
          await bert.write('Nothing there');
          await anna.reads('Nothing there');
        }),
      ];
    },
  }),
];

/** A page of a browser cannot have buttons on its notifications. */
export const ANSWERED_ON_NOTICES = story({
  name: 'a request to talk aside is answered on its notification (F1, G5)',
  people: ['anna', 'bert'],
  parts: ({ anna, bert }) => {
    const asks = async (): Promise<void> => {
      await anna.desk.lookElsewhere();
      const before = await count(anna);
      await bert.ask('anna');
      await isTold(anna, before, {
        title: 'bert',
        body: 'bert wants to talk aside.',
        buttons: ['Accept', 'Decline'],
      });
    };
    return [
      step('bert asks; anna declines without looking at the window', async () => {
        await asks();
        await anna.desk.clickNotice('Decline');
        await bert.sees('anna declined to talk aside.');
        await anna.requestOf('bert').waitFor({ state: 'detached' });
      }),
      SERVER_MAY_FALL,
      step('he asks again; she accepts, and is aside', async () => {
        await asks();
        await anna.desk.clickNotice('Accept');
        await Promise.all([anna.isAside('bert'), bert.isAside('anna')]);
      }),
      step('they talk', async () => {
        await anna.write('Yes?');
        await bert.hears('Yes?');
      }),
    ];
  },
});
