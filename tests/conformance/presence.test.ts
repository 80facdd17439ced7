import { describe, expect, it } from 'vitest';
import { newName, useServer } from './setup.ts';

const stage = useServer();

describe('Arrival and departure', () => {
  it('C1 [ASIDE-6.1-1] [ASIDE-6.1-2] [ASIDE-6.1-5] [ASIDE-1-2] are announced to all other users', async () => {
    const watchers = await Promise.all([stage.person(), stage.person(), stage.person()]);
    const before = Date.now();
    const kevin = await stage.person('kevin');
    const name = kevin.username;
    await kevin.signOut();
    for (const watcher of watchers) {
      const came = await watcher.nextNotification('presence.changed', ({ username }) => username === name);
      const left = await watcher.nextNotification('presence.changed', ({ username }) => username === name);
      expect(came).toEqual({ username: name, online: true, at: expect.any(Number) });
      expect(left).toEqual({ username: name, online: false, at: expect.any(Number), reason: 'signed-out' });
      expect(came.at).toBeGreaterThanOrEqual(before);
      expect(left.at).toBeGreaterThanOrEqual(came.at);
      expect(left.at).toBeLessThanOrEqual(Date.now());
    }
    expect(kevin.received('presence.changed').map(({ username }) => username)).not.toContain(name);
  });

  it('C1 [ASIDE-6.1-3] [ASIDE-5.5-2] are not announced if a user reconnects within the grace time', async () => {
    const watcher = await stage.person();
    const kevin = await stage.person();
    await watcher.nextNotification('presence.changed', ({ username }) => username === kevin.username);
    const [before] = (await watcher.request('presence.online', {})).users.filter(
      ({ username }) => username === kevin.username,
    );
    await kevin.drop();
    const again = await stage.connect({ device: kevin.device });
    await again.resume(kevin.token);
    const [after] = (await watcher.request('presence.online', {})).users.filter(
      ({ username }) => username === kevin.username,
    );
    expect(after).toEqual(before);
    await again.request('message.broadcast', { id: crypto.randomUUID(), text: 'back' });
    await watcher.nextNotification('broadcast.new', ({ from }) => from === kevin.username);
    expect(watcher.received('presence.changed').filter(({ username }) => username === kevin.username)).toHaveLength(1);
  });
});

describe('Online list', () => {
  it('C2 [ASIDE-6.2-1] contains the other users, with the time since when each is online', async () => {
    const before = Date.now();
    const kevin = await stage.person();
    const after = Date.now();
    const gone = await stage.absent();
    const asker = await stage.person();
    const { users } = await asker.request('presence.online', {});
    const since = users.find(({ username }) => username === kevin.username)?.since ?? 0;
    expect(since).toBeGreaterThanOrEqual(before);
    expect(since).toBeLessThanOrEqual(after);
    const names = users.map(({ username }) => username);
    expect(names).not.toContain(asker.username);
    expect(names).not.toContain(gone);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('Presence history', () => {
  it('C3 [ASIDE-6.3-1] lists intervals of the other users, including users that have left', async () => {
    const here = await stage.person('here');
    const gone = await stage.person('gone');
    await gone.signOut();
    const twice = await stage.connect();
    await twice.signIn(gone.username);
    await twice.signOut();
    const asker = await stage.person('asker');
    const { users } = await asker.request('presence.history', { seconds: 60 });
    const intervals = (name: string): [number, number | null][] =>
      users.find(({ username }) => username === name)?.intervals ?? [];
    expect(intervals(here.username)).toEqual([[expect.any(Number), null]]);
    expect(intervals(gone.username)).toEqual([
      [expect.any(Number), expect.any(Number)],
      [expect.any(Number), expect.any(Number)],
    ]);
    const flat = intervals(gone.username)
      .flat()
      .map((time) => time ?? 0);
    expect(flat.toSorted((a, b) => a - b)).toEqual(flat);
    expect(intervals(asker.username)).toEqual([]);
  });

  it('C3 [ASIDE-6.3-1] begins exactly at the requested time', async () => {
    const gone = await stage.absent('gone');
    const asker = await stage.person();
    const listed = async (seconds: number): Promise<boolean> =>
      (await asker.request('presence.history', { seconds })).users.some(({ username }) => username === gone);
    expect(await listed(60)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(await listed(1)).toBe(false);
    expect(await listed(60)).toBe(true);
    expect(await listed(Number.MAX_SAFE_INTEGER)).toBe(true);
  });
});

describe('User search', () => {
  it('[ASIDE-6.4-1] finds users by name prefix, in any case, up to the requested number', async () => {
    const prefix = newName('Search').slice(0, 14);
    const names = [`${prefix}-a`, `${prefix}-b`, `${prefix}-c`];
    for (const name of names) {
      const client = await stage.connect();
      await client.register(name);
      if (name !== names[0]) await client.signOut();
    }
    const asker = await stage.person();
    const found = (await asker.request('people.search', { prefix: prefix.toLowerCase() })).users;
    expect(found.toSorted((a, b) => a.username.localeCompare(b.username))).toEqual([
      { username: names[0], online: true },
      { username: names[1], online: false },
      { username: names[2], online: false },
    ]);
    expect((await asker.request('people.search', { prefix, limit: 2 })).users).toHaveLength(2);
    expect((await asker.request('people.search', { prefix: `${prefix}-zzz` })).users).toEqual([]);
    expect((await asker.request('people.search', { prefix: asker.username })).users).toEqual([]);
    expect((await asker.request('people.search', { prefix: '' })).users.length).toBeLessThanOrEqual(20);
  });
});

describe('Typing', () => {
  it('[ASIDE-6.5-1] is forwarded to the recipient, and dropped if that is impossible', async () => {
    const [writer, reader, other] = [await stage.person(), await stage.person(), await stage.person()];
    writer.notify('typing.set', { to: reader.username.toUpperCase(), typing: true });
    writer.notify('typing.set', { to: reader.username, typing: false });
    const mine = ({ username }: { username: string }): boolean => username === writer.username;
    expect(await reader.nextNotification('typing.changed', mine)).toEqual({ username: writer.username, typing: true });
    expect(await reader.nextNotification('typing.changed', mine)).toEqual({ username: writer.username, typing: false });
    for (const to of [await stage.absent(), newName('nobody'), writer.username, '']) {
      writer.notify('typing.set', { to, typing: true });
    }
    await writer.caughtUp();
    expect(writer.lines.filter((line) => line.error !== undefined)).toEqual([]);
    await other.caughtUp();
    expect(other.received('typing.changed')).toEqual([]);
  });
});
