import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../../scripts/setup.mjs';
import { call, useBareDesktop } from '../support/electron-stand-in/bare-desktop.ts';
import { type DesktopApp, describeOnStandIn } from '../support/electron-stand-in/launch.ts';

const { launch, register, otherUser } = useBareDesktop();

async function unreadOf(app: DesktopApp, conversation: string): Promise<number | undefined> {
  const { view } = await call(app, { read: 'all' });
  return view?.conversations.find(({ id }) => id === conversation)?.unread;
}

describeOnStandIn('Built main process', () => {
  it('shows one native notification for each conversation, and opens the conversation at a click (G5)', async () => {
    const app = await launch();
    await call(app, { read: 'all' });
    for (const body of ['one', 'two']) {
      await call(app, { host: 'host.notify', params: { conversation: '@bob', title: 'bob', body } });
    }
    expect(await app.noted('notification.show')).toEqual([
      [{ title: 'bob', body: 'one', actions: [] }],
      [{ title: 'bob', body: 'two', actions: [] }],
    ]);
    expect(await app.noted('notification.close')).toEqual([[{ title: 'bob', body: 'one', actions: [] }]]);
    await app.ask('closeWindow');
    expect(await app.ask('visible')).toBe(false);
    await app.ask('clickNotification', 1);
    expect(await app.ask('visible')).toBe(true);
    await expect
      .poll(() => app.evaluate('JSON.stringify(told)'))
      .toContain('{"hostEvent":{"name":"host.conversationChosen","conversation":"@bob"}}');
    await call(app, { host: 'host.setUnread', params: { count: 3 } });
    expect(await app.noted('app.setBadgeCount')).toEqual([[3]]);
  });

  it('shows a dot on the taskbar button on Windows, under the name that its notifications need (G5, G9)', async () => {
    const app = await launch({ env: { STAND_IN_PLATFORM: 'win32' } });
    const [, appId] = /^appId: (\S+)$/m.exec(readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8')) ?? [];
    expect(await app.noted('app.setAppUserModelId')).toEqual([[appId]]);
    for (const count of [2, 1, 0]) await call(app, { host: 'host.setUnread', params: { count } });
    expect(await app.noted('window.setOverlayIcon')).toEqual([
      ['unread.png', '2 unread messages'],
      ['unread.png', '1 unread message'],
      [null, ''],
    ]);
    expect(await app.noted('app.setBadgeCount')).toEqual([]);
  });

  it('withdraws a notification once its conversation is read, also while the window is closed (G5)', async () => {
    const app = await launch();
    const username = await register(app);
    await app.ask('closeWindow');
    const bob = await otherUser();
    await bob.must('message.send', { to: username, text: 'hello' });
    const conversation = `@${bob.name}`;
    await expect.poll(() => unreadOf(app, conversation)).toBe(1);
    await call(app, { host: 'host.notify', params: { conversation, title: bob.name, body: 'hello' } });
    expect(await app.noted('notification.close')).toEqual([]);
    await call(app, { command: 'conversation.read', params: { conversation, through: 1_000 } });
    expect(await app.noted('notification.close')).toHaveLength(1);
    await call(app, { host: 'host.notify', params: { conversation, title: bob.name, body: 'again' } });
    await call(app, { host: 'host.chooseServer', params: { host: '127.0.0.1', port: 1 } });
    expect(await app.noted('notification.close')).toHaveLength(2);
  });

  it('opens the conversation of an accepted request, and reports a button that failed (F1, G5)', async () => {
    const app = await launch();
    await call(app, { read: 'all' });
    const username = await register(app);
    const bob = await otherUser();
    const conversation = `@${bob.name}`;
    const button = (label: string, accept: boolean) => ({
      label,
      command: 'private.answer',
      params: { username: bob.name, accept },
    });
    const notice = {
      conversation,
      title: bob.name,
      body: 'asks',
      actions: [button('Accept', true), button('Decline', false)],
    };
    const ask = async () => {
      await bob.must('private.ask', { username });
      await expect.poll(async () => JSON.stringify((await call(app, { read: 'all' })).view)).toContain('"asked"');
      await app.ask('closeWindow');
      await call(app, { host: 'host.notify', params: notice });
    };
    await ask();
    await app.ask('clickNotificationAction', 0, 1);
    await expect.poll(() => app.noted('notification.close')).toHaveLength(1);
    expect(await app.ask('visible')).toBe(false);
    // A second request before the answer to the first one is refused.
    await expect.poll(() => bob.endings).toHaveLength(1);

    await ask();
    await app.ask('clickNotificationAction', 1, 0);
    await expect.poll(() => app.ask('visible')).toBe(true);
    const chosen = JSON.stringify({ hostEvent: { name: 'host.conversationChosen', conversation } });
    await expect.poll(() => app.evaluate('JSON.stringify(told)')).toContain(chosen);
    expect(await app.noted('notification.close')).toHaveLength(2);

    await app.ask('closeWindow');
    await app.ask('clickNotificationAction', 1, 0);
    await expect
      .poll(async () => (await app.noted('notification.show')).at(-1))
      .toEqual([{ title: 'Accept: not done', body: expect.stringMatching(/\.$/) as string, actions: [] }]);
    expect(await app.ask('visible')).toBe(false);
  });

  it('shows account, connection and unread count in the tray, which also switches do not disturb (G5)', async () => {
    const app = await launch();
    const rest = ['Show Aside', 'Do not disturb for an hour', 'Quit Aside'];
    expect(await app.ask('trayLabels')).toEqual(['Not signed in', ...rest]);
    const username = await register(app);
    await expect.poll(() => app.ask('trayLabels')).toEqual([`${username} · Online`, ...rest]);
    const bob = await otherUser();
    for (const text of ['one', 'two']) await bob.must('message.send', { to: username, text });
    await expect.poll(() => app.ask('trayLabels')).toEqual([`${username} · Online`, '2 unread messages', ...rest]);
    expect((await app.noted('tray.setToolTip')).at(-1)).toEqual([`Aside: ${username} · Online\n2 unread messages`]);

    await call(app, { read: 'all' });
    await app.ask('clickTray', 'Do not disturb for an hour');
    const disturb = expect.stringMatching(/^End “Do not disturb” \(until .+\)$/) as string;
    await expect.poll(() => app.ask<string[]>('trayLabels')).toContainEqual(disturb);
    const { hostState } = await call(app, { read: 'all' });
    expect(hostState?.preferences?.quietUntil).toBeGreaterThan(Date.now() + 3_500_000);
    await expect.poll(() => app.evaluate('JSON.stringify(told)')).toContain('host.preferencesChanged');
    const again = (await app.ask<string[]>('trayLabels')).find((label) => label.startsWith('End'));
    await app.ask('clickTray', again);
    await expect.poll(() => app.ask('trayLabels')).toContain('Do not disturb for an hour');

    await call(app, { command: 'session.signOut', params: {} });
    await expect.poll(() => app.ask<string[]>('trayLabels')).toContain(`${username} · Signed out`);
  });

  it('runs the command of a notification button, also while the window is closed (F1, G5)', async () => {
    const app = await launch();
    const username = await register(app);
    await app.ask('closeWindow');
    const action = { label: 'Write back', command: 'message.send', params: { to: username, text: 'by a button' } };
    const notice = { conversation: '@bob', title: 'bob', body: 'asks', actions: [action] };
    expect((await call(app, { host: 'host.notify', params: notice })).outcome?.ok).toBe(true);
    const [[shown] = []] = await app.noted('notification.show');
    expect(shown).toMatchObject({ actions: [{ type: 'button', text: 'Write back' }] });
    await app.ask('clickNotificationAction', 0, 1);
    await app.ask('clickNotificationAction', 0, 0);
    await expect
      .poll(async () => JSON.stringify((await call(app, { read: 'all' })).view))
      .toContain('"text":"by a button"');
    const wrong = { ...notice, actions: [{ ...action, command: 'no.such' }] };
    expect((await call(app, { host: 'host.notify', params: wrong })).outcome?.ok).toBe(false);
  });

  it('stays in the tray when the window is closed, and quits from there (G5)', async () => {
    const app = await launch();
    await app.ask('closeWindow');
    expect(await app.ask('visible')).toBe(false);
    await app.ask('clickTray', 'Show Aside');
    expect(await app.ask('visible')).toBe(true);
    await app.ask('closeWindow');
    await app.ask('emitApp', 'second-instance');
    expect(await app.ask('visible')).toBe(true);
    await app.ask('clickTray', 'Quit Aside').catch(() => undefined);
    expect(await app.exited).toMatchObject({ code: 0 });
  });
});
