import { describe, expect, it } from 'vitest';
import { PASSWORD } from '../support/wire-client.ts';
import { connectAgain, useServer } from './setup.ts';

const stage = useServer();

describe('Server', () => {
  it('announces the settlements of stored messages in its greeting [ASIDE-4-5]', async () => {
    const client = await stage.connect();
    expect(client.hello.features).toContain('settled');
  });

  it('sends the settlement within 1 s of the confirmation (D2) [ASIDE-7.5-1] [ASIDE-7.5-2] [ASIDE-7.5-5]', async () => {
    const reader = await stage.absent();
    const sender = await stage.person('sender', { autoConfirm: true });
    const { status } = await sender.send(reader, 'later', '018c3f5e-0000-7000-8000-000000000001');
    expect(status).toBe('stored');
    const back = await stage.connect();
    await back.signIn(reader);
    const { n } = await back.nextNotification('message.new');
    await sender.caughtUp();
    expect(sender.received('message.settled')).toEqual([]);
    const start = performance.now();
    back.notify('message.confirm', { through: n });
    const settled = await sender.nextNotification('message.settled');
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(settled).toMatchObject({
      n: 1,
      id: '018c3f5e-0000-7000-8000-000000000001',
      to: reader,
      status: 'delivered',
    });
  });

  it('keeps settlements for an offline sender until they are confirmed (D2) [ASIDE-7.5-3] [ASIDE-7.5-4]', async () => {
    const reader = await stage.absent();
    const sender = await stage.person();
    for (const text of ['one', 'two']) expect((await sender.send(reader, text)).status).toBe('stored');
    await sender.drop();
    const back = await stage.connect({ autoConfirm: true });
    await back.signIn(reader);
    await back.nextNotification('message.new', ({ n }) => n === 2);
    await back.caughtUp();

    const first = await connectAgain(stage.server, sender);
    await first.resume(sender.token);
    await first.nextNotification('message.settled', ({ n }) => n === 2);
    first.notify('message.confirm', { through: 1 });
    await first.caughtUp();
    await first.drop();
    const second = await connectAgain(stage.server, sender);
    await second.resume(first.token);
    const left = await second.nextNotification('message.settled');
    expect(left).toMatchObject({ n: 1, status: 'delivered', to: reader });
    second.notify('message.confirm', { through: 1 });
    await second.signOut();
    const third = await stage.connect();
    await third.signIn(sender.username);
    await third.caughtUp();
    expect(third.received('message.settled')).toEqual([]);
  });

  it('settles a message that a block has removed as withdrawn (E4) [ASIDE-7.5-2]', async () => {
    const blocker = await stage.absent();
    const sender = await stage.person();
    await sender.send(blocker, 'too late');
    const back = await stage.connect();
    await back.signIn(blocker);
    await back.request('blacklist.add', { username: sender.username });
    expect(await sender.nextNotification('message.settled')).toMatchObject({ status: 'withdrawn', to: blocker });
  });

  it('settles the mailbox of a deleted account as expired (B7) [ASIDE-7.5-2]', async () => {
    const reader = await stage.absent();
    const sender = await stage.person();
    await sender.send(reader, 'never read');
    const back = await stage.connect();
    await back.signIn(reader);
    await back.request('account.delete', { password: PASSWORD });
    expect(await sender.nextNotification('message.settled')).toMatchObject({ status: 'expired', to: '' });
  });

  it('counts settlements and messages in one sequence [ASIDE-7.5-3] [ASIDE-7.2-1]', async () => {
    const reader = await stage.absent();
    const sender = await stage.person('sender', { autoConfirm: true });
    const third = await stage.person();
    await sender.send(reader, 'one');
    const back = await stage.connect({ autoConfirm: true });
    await back.signIn(reader);
    expect((await sender.nextNotification('message.settled')).n).toBe(1);
    await third.send(sender.username, 'two');
    expect((await sender.nextNotification('message.new')).n).toBe(2);
  });
});
