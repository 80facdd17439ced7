import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WireClient } from '../support/wire-client.ts';
import { newName, useServer } from './setup.ts';

const stage = useServer();

const changesOf = (client: WireClient, name: string): { online: boolean; reason?: string | undefined }[] =>
  client
    .received('presence.changed')
    .filter(({ username }) => username === name)
    .map(({ online, reason }) => (reason === undefined ? { online } : { online, reason }));

async function names(client: WireClient): Promise<string[]> {
  return (await client.request('presence.online', {})).users.map(({ username }) => username);
}

describe('Blacklist', () => {
  it('E1 [ASIDE-8-1] [ASIDE-8-2] [ASIDE-8-3] adds, removes and lists users', async () => {
    const kevin = await stage.person();
    const online = (await stage.person()).username;
    const offline = await stage.absent();
    const list = async (): Promise<string[]> => (await kevin.request('blacklist.list', {})).users.toSorted();
    expect(await list()).toEqual([]);
    expect(await kevin.request('blacklist.add', { username: online.toUpperCase() })).toEqual({});
    expect(await kevin.request('blacklist.add', { username: offline })).toEqual({});
    expect(await list()).toEqual([online, offline].toSorted());
    expect(await kevin.request('blacklist.remove', { username: online })).toEqual({});
    expect(await list()).toEqual([offline]);
  });

  it('E1 [ASIDE-8-2] refuses impossible changes with a reason', async () => {
    const kevin = await stage.person();
    const other = await stage.absent();
    const add = async (username: string): Promise<string> =>
      (await kevin.refusal('blacklist.add', { username })).reason;
    const remove = async (username: string): Promise<string> =>
      (await kevin.refusal('blacklist.remove', { username })).reason;
    expect(await add(newName('nobody'))).toBe('no-such-user');
    expect(await add('')).toBe('no-such-user');
    expect(await add(kevin.username)).toBe('self');
    expect(await remove(other)).toBe('not-blocked');
    expect(await remove(newName('nobody'))).toBe('no-such-user');
    expect(await remove(kevin.username)).toMatch(/^(self|not-blocked)$/);
    await kevin.request('blacklist.add', { username: other });
    expect(await add(other.toUpperCase())).toBe('already-blocked');
  });
});

describe('Blocked user', () => {
  it('E2 [ASIDE-8-4] [ASIDE-7.1-6] is refused from the next line on, the blocker online or not, and nothing is stored', async () => {
    const blocker = await stage.person('blocker', { autoConfirm: true });
    const blocked = await stage.person();
    expect((await blocked.send(blocker.username, 'before')).status).toBe('delivered');
    await blocker.request('blacklist.add', { username: blocked.username });
    const refusal = async (): Promise<string> =>
      (await blocked.refusal('message.send', { id: randomUUID(), to: blocker.username, text: 'after' })).reason;
    expect(await refusal()).toBe('blocked');
    await blocker.signOut();
    expect(await refusal()).toBe('blocked');
    const again = await stage.connect();
    expect((await again.signIn(blocker.username)).waiting).toBe(0);
    await again.request('blacklist.remove', { username: blocked.username });
    const answer = blocked.send(blocker.username, 'unblocked');
    await again.nextNotification('message.new', ({ text }) => text === 'unblocked');
    again.notify('message.confirm', { through: 1 });
    expect((await answer).status).toBe('delivered');
    expect(again.received('message.new')).toHaveLength(1);
  });

  it('E2 [ASIDE-8-4] is refused also for messages that were unanswered at the block', async () => {
    const blocker = await stage.person();
    const blocked = await stage.person();
    const underWay = blocked.send(blocker.username, 'unconfirmed').then(
      ({ status }) => status,
      ({ reason }: { reason: string }) => reason,
    );
    await blocker.nextNotification('message.new');
    await blocker.request('blacklist.add', { username: blocked.username });
    await blocker.drop();
    expect(await underWay).toMatch(/^(blocked|stored)$/);
    const again = await stage.connect({ device: blocker.device });
    expect((await again.resume(blocker.token)).waiting).toBe(0);
    await again.caughtUp();
    expect(again.received('message.new')).toEqual([]);
  });

  it('E4 [ASIDE-8-5] loses messages that already wait in the mailbox', async () => {
    const blocker = await stage.person();
    const [blocked, friend] = [await stage.person(), await stage.person()];
    await blocker.signOut();
    for (const [sender, text] of [
      [blocked, 'one'],
      [friend, 'two'],
      [blocked, 'three'],
    ] as const) {
      expect((await sender.send(blocker.username, text)).status).toBe('stored');
    }
    const first = await stage.connect();
    const { waiting } = await first.signIn(blocker.username);
    expect(waiting).toBe(3);
    await first.nextNotification('message.new', ({ n }) => n === 3);
    await first.request('blacklist.add', { username: blocked.username });
    await first.signOut();
    const second = await stage.connect();
    expect((await second.signIn(blocker.username)).waiting).toBe(1);
    await second.nextNotification('message.new');
    await second.caughtUp();
    expect(second.received('message.new').map(({ text }) => text)).toEqual(['two']);
  });

  it('C4 [ASIDE-8-6] [ASIDE-8-7] sees the blocker leave at the block, arrive at the unblock, and nothing between', async () => {
    const blocked = await stage.person('blocked');
    const blocker = await stage.person('blocker');
    const name = blocker.username;
    await blocked.nextNotification('presence.changed', ({ username }) => username === name);
    await blocker.request('blacklist.add', { username: blocked.username });
    const left = await blocked.nextNotification('presence.changed', ({ username }) => username === name);
    expect(left).toEqual({ username: name, online: false, at: expect.any(Number), reason: 'signed-out' });

    expect(await names(blocked)).not.toContain(name);
    const history = (await blocked.request('presence.history', { seconds: 3_600 })).users;
    expect(history.map(({ username }) => username)).not.toContain(name);
    const found = (await blocked.request('people.search', { prefix: name })).users;
    expect(found).toEqual([]);
    blocker.notify('typing.set', { to: blocked.username, typing: true });
    await blocker.signOut();
    const again = await stage.connect();
    await again.signIn(name);
    const elsewhere = await stage.connect();
    await elsewhere.signIn(name, { takeOver: true });
    await again.closed;
    await blocked.caughtUp();
    expect(changesOf(blocked, name)).toEqual([{ online: true }, { online: false, reason: 'signed-out' }]);
    expect(blocked.received('typing.changed')).toEqual([]);

    await elsewhere.request('blacklist.remove', { username: blocked.username });
    await blocked.nextNotification('presence.changed', ({ username, online }) => username === name && online);
    expect(await names(blocked)).toContain(name);
  });

  it('C4 [ASIDE-8-6] does not find the blocker in the list of a sign-in', async () => {
    const blocker = await stage.person();
    const blockedName = await stage.absent();
    await blocker.request('blacklist.add', { username: blockedName });
    const blocked = await stage.connect();
    const { online } = await blocked.signIn(blockedName);
    expect(online.map(({ username }) => username)).not.toContain(blocker.username);
    await blocked.signOut();
  });

  it('C4 [ASIDE-8-6] [ASIDE-8-7] learns nothing from the block of an offline user', async () => {
    const blocked = await stage.person();
    const blocker = await stage.person();
    await blocker.request('blacklist.add', { username: blocked.username });
    await blocked.nextNotification(
      'presence.changed',
      ({ username, online }) => username === blocker.username && !online,
    );
    await blocker.request('blacklist.remove', { username: blocked.username });
    await blocked.nextNotification(
      'presence.changed',
      ({ username, online }) => username === blocker.username && online,
    );
    await blocker.signOut();
    await blocked.nextNotification(
      'presence.changed',
      ({ username, online }) => username === blocker.username && !online,
    );
  });

  it('[ASIDE-8-8] stays visible to the blocker, and receives messages of the blocker', async () => {
    const blocker = await stage.person();
    const blocked = await stage.person('blocked', { autoConfirm: true });
    await blocker.request('blacklist.add', { username: blocked.username });
    expect(await names(blocker)).toContain(blocked.username);
    expect((await blocker.send(blocked.username, 'listen')).status).toBe('delivered');
    await blocked.signOut();
    await blocker.nextNotification(
      'presence.changed',
      ({ username, online }) => username === blocked.username && !online,
    );
  });

  it('E2 [ASIDE-8-6] cannot send typing to the blocker', async () => {
    const blocker = await stage.person();
    const blocked = await stage.person();
    await blocker.request('blacklist.add', { username: blocked.username });
    blocked.notify('typing.set', { to: blocker.username, typing: true });
    await blocked.caughtUp();
    await blocker.caughtUp();
    expect(blocker.received('typing.changed')).toEqual([]);
  });

  it('C4 [ASIDE-8-6] sees no presence of the other user if both have blocked each other', async () => {
    const [one, two] = [await stage.person(), await stage.person()];
    await one.request('blacklist.add', { username: two.username });
    await two.request('blacklist.add', { username: one.username });
    expect(await names(one)).not.toContain(two.username);
    expect(await names(two)).not.toContain(one.username);
  });
});
