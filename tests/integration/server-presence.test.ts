import { describe, expect, it, onTestFinished } from 'vitest';
import { FakeClock } from '../support/fake-clock.ts';
import { type InMemoryServer, type MemoryClient, refusalOf, startInMemory } from '../support/server-in-memory.ts';
import { newAccount, StoreFolder } from '../support/store-folder.ts';
import { PASSWORD } from '../support/wire-client.ts';

/** Presence notifications that a client received since the last call, in short. */
async function news(server: InMemoryServer, client: MemoryClient): Promise<string[]> {
  await server.settle();
  return client
    .take('presence.changed')
    .map(({ username, online, reason }) => `${username} ${online ? 'came' : `left: ${reason}`}`);
}

/** Stores so many intervals for each user, 10 ms apart, from a time on. */
async function addIntervals(server: InMemoryServer, start: number, times: Readonly<Record<string, number>>) {
  const { store } = server.disk;
  const ids = new Map((await store.load({ receipts: 0 })).accounts.map(({ key, id }) => [key, id]));
  const writes = Object.entries(times).flatMap(([name, count]) => {
    const id = ids.get(name) ?? 0;
    return Array.from({ length: count }, async (_, i) => {
      const from = start + (i + 1) * 10;
      await Promise.all([store.openInterval(id, from), store.closeInterval(id, from + 5)]);
    });
  });
  await Promise.all(writes);
}

const names = (users: readonly { username: string }[]) => users.map(({ username }) => username);

/** Every page of a list, as a client asks for them. */
async function everyone(client: MemoryClient): Promise<string[]> {
  const all: string[] = [];
  let after: string | undefined;
  for (let page = 0; page < 100; page++) {
    const { users, next } = await client.request('presence.online', after === undefined ? {} : { after });
    all.push(...names(users));
    if (next === undefined) return all;
    after = next;
  }
  throw new Error('the list never ends');
}

describe('Presence (C1, ASIDE-6.1)', () => {
  it('announces arrivals and departures to all other users, with the reason', async () => {
    const server = await startInMemory();
    const anna = await server.person('anna');
    const bert = await server.person('bert');
    const at = server.clock.now();
    const kevin = await server.person('Kevin');
    expect(await anna.notification('presence.changed')).toMatchObject({ username: 'bert' });
    expect(await anna.notification('presence.changed')).toEqual({ username: 'Kevin', online: true, at });
    server.clock.advance(1_000);
    await kevin.signOut();
    const left = { username: 'Kevin', online: false, at: at + 1_000, reason: 'signed-out' };
    expect(await anna.notification('presence.changed')).toEqual(left);
    expect(await news(server, bert)).toEqual(['Kevin came', 'Kevin left: signed-out']);
    expect(await news(server, kevin)).toEqual([]);
  });

  it('announces a lost user after 10 s, with the time of the loss', async () => {
    const server = await startInMemory();
    const anna = await server.person('anna');
    const kevin = await server.person('kevin');
    const at = server.clock.now();
    await news(server, anna);
    kevin.drop();
    server.clock.advance(9_999);
    expect(await news(server, anna)).toEqual([]);
    expect(names((await anna.request('presence.online', {})).users)).toEqual(['kevin']);
    server.clock.advance(251);
    const left = { username: 'kevin', online: false, at, reason: 'connection-lost' };
    expect(await anna.notification('presence.changed')).toEqual(left);
    expect((await anna.request('presence.online', {})).users).toEqual([]);
  });

  it.each(['token', 'password'])('announces nothing if a user returns within 10 s with the %s', async (how) => {
    const server = await startInMemory();
    const anna = await server.person('anna');
    const kevin = await server.person('kevin');
    const since = server.clock.now();
    await news(server, anna);
    kevin.drop();
    server.clock.advance(9_000);
    const back = server.connect({ device: kevin.device });
    if (how === 'token') await back.resume(kevin.token);
    else await back.signIn('kevin');
    server.clock.advance(60_000);
    expect(await news(server, anna)).toEqual([]);
    expect((await anna.request('presence.online', {})).users).toEqual([{ username: 'kevin', since }]);
    const { users } = await anna.request('presence.history', { seconds: 3_600 });
    expect(users).toEqual([{ username: 'kevin', intervals: [[since, null]] }]);
  });

  it('announces a take-over by another device, but not by the same one', async () => {
    const server = await startInMemory();
    const anna = await server.person('anna');
    const kevin = await server.person('kevin');
    await news(server, anna);
    await server.connect({ device: kevin.device }).signIn('kevin', PASSWORD, true);
    expect(await news(server, anna)).toEqual([]);
    await server.connect().signIn('kevin', PASSWORD, true);
    expect(await news(server, anna)).toEqual(['kevin left: replaced', 'kevin came']);
  });

  it('lets users that were online when the server stopped return without an announcement (A5)', async () => {
    const server = await startInMemory();
    const anna = await server.person('anna');
    const kevin = await server.person('kevin');
    await server.person('bert');
    const since = server.clock.now();
    server.clock.advance(60_000);
    const stoppedAt = server.clock.now();
    await server.stop();
    const again = await server.startAgain(20_000);
    const annaBack = again.connect({ device: anna.device });
    expect(names((await annaBack.resume(anna.token)).online)).toEqual(['bert', 'kevin']);
    await again.connect({ device: kevin.device }).resume(kevin.token);
    again.clock.advance(9_900);
    expect(await news(again, annaBack)).toEqual([]);
    again.clock.advance(250);
    const left = { username: 'bert', online: false, at: stoppedAt, reason: 'connection-lost' };
    expect(await annaBack.notification('presence.changed')).toEqual(left);
    await again.settle();
    const { users } = await annaBack.request('presence.history', { seconds: 3_600 });
    expect(users).toEqual([
      { username: 'bert', intervals: [[since, stoppedAt]] },
      { username: 'kevin', intervals: [[since, null]] },
    ]);
  });

  it('records users as offline since the server last ran, if it was stopped for long (C3)', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const since = server.clock.now();
    server.clock.advance(12_000);
    await server.settle();
    await server.kill();
    const again = await server.startAgain(120_000);
    const anna = await again.person('anna');
    expect((await anna.request('presence.online', {})).users).toEqual([]);
    const history = await anna.request('presence.history', { seconds: 3_600 });
    expect(history.users).toEqual([{ username: 'kevin', intervals: [[since, since + 12_000]] }]);
    await again.connect({ device: kevin.device }).resume(kevin.token);
    expect(await news(again, anna)).toEqual(['kevin came']);
  });
});

describe('Inactivity (B5, ASIDE-5.6)', () => {
  const config = { timeoutSeconds: 60 };

  it('signs the user out after the time, with the reason, and revokes the token', async () => {
    const server = await startInMemory({ config });
    const kevin = await server.person('kevin');
    const anna = await server.person('anna');
    await news(server, kevin);
    server.clock.advance(59_000);
    anna.notify('session.activity', {});
    server.clock.advance(750);
    expect(kevin.ending).toBeUndefined();
    server.clock.advance(250);
    await kevin.closed;
    expect(kevin.ending).toEqual({ reason: 'timed-out' });
    expect(await news(server, anna)).toEqual(['kevin left: timed-out']);
    const refusal = await refusalOf(server.connect({ device: kevin.device }).resume(kevin.token));
    expect(refusal.reason).toBe('token-invalid');
  });

  it.each([
    ['session.ping', (client: MemoryClient) => void client.request('session.ping', {}).catch(() => {})],
    ['message.confirm', (client: MemoryClient) => client.notify('message.confirm', { through: 0 })],
    ['a line that is refused', (client: MemoryClient) => client.sendRaw('{"jsonrpc":"2.0","id":1,"method":"no.such"}')],
  ])('is not ended by %s', async (_what, act) => {
    const server = await startInMemory({ config });
    const kevin = await server.person('kevin');
    for (let seconds = 0; seconds < 59; seconds++) {
      server.clock.advance(1_000);
      act(kevin);
    }
    expect(kevin.ending).toBeUndefined();
    server.clock.advance(1_000);
    expect(kevin.ending).toEqual({ reason: 'timed-out' });
  });

  it.each([
    ['session.activity', (client: MemoryClient) => client.notify('session.activity', {})],
    ['typing', (client: MemoryClient) => client.notify('typing.set', { to: 'kevin', typing: true })],
    ['a list', (client: MemoryClient) => void client.request('presence.online', {})],
    ['a message that is refused', (client: MemoryClient) => void client.send('nobody', 'x').catch(() => {})],
  ])('is ended by %s', async (_what, act) => {
    const server = await startInMemory({ config });
    const kevin = await server.person('kevin');
    for (let seconds = 0; seconds < 120; seconds += 40) {
      server.clock.advance(40_000);
      act(kevin);
    }
    await server.settle();
    expect(kevin.isClosed).toBe(false);
  });

  it('is not ended by an incoming message', async () => {
    const server = await startInMemory({ config });
    const kevin = await server.person('kevin', { confirms: true });
    const anna = await server.person('anna');
    server.clock.advance(40_000);
    await anna.send('kevin', 'hello');
    server.clock.advance(20_000);
    expect(kevin.ending).toEqual({ reason: 'timed-out' });
    expect(anna.ending).toBeUndefined();
  });

  it('continues over a reconnect', async () => {
    const server = await startInMemory({ config });
    const kevin = await server.person('kevin');
    server.clock.advance(40_000);
    kevin.drop();
    server.clock.advance(5_000);
    const back = server.connect({ device: kevin.device });
    await back.resume(kevin.token);
    const third = server.connect({ device: kevin.device });
    await third.resume(back.token);
    server.clock.advance(14_750);
    expect(third.ending).toBeUndefined();
    server.clock.advance(250);
    expect(third.ending).toEqual({ reason: 'timed-out' });
  });

  it('is not ended by a lost connection, however long', async () => {
    const server = await startInMemory({ config });
    const kevin = await server.person('kevin');
    const anna = await server.person('anna');
    server.clock.advance(20_000);
    kevin.drop();
    anna.drop();
    server.clock.advance(30_000);
    const back = server.connect({ device: kevin.device });
    await back.resume(kevin.token);
    server.clock.advance(9_750);
    expect(back.ending).toBeUndefined();
    server.clock.advance(250);
    expect(back.ending).toEqual({ reason: 'timed-out' });
    const tooLate = await refusalOf(server.connect({ device: anna.device }).resume(anna.token));
    expect(tooLate.reason).toBe('token-invalid');
    await server.signIn('anna');
  });

  it('never signs a user out if the limit is 0', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    for (let minutes = 0; minutes < 24 * 60; minutes++) {
      server.clock.advance(60_000);
      kevin.sendRaw('{"jsonrpc":"2.0","id":1,"method":"session.ping"}');
    }
    expect(kevin.ending).toBeUndefined();
    expect(kevin.connection.isClosing).toBe(false);
  });
});

describe('Deadline of a connection (I3, ASIDE-2.3)', () => {
  it('closes a connection without a sign-in within 15 s, with a reason; pings do not extend it', async () => {
    const server = await startInMemory();
    const stranger = server.connect();
    server.clock.advance(14_750);
    await stranger.request('session.ping', {});
    expect(stranger.connection.isClosing).toBe(false);
    server.clock.advance(250);
    await stranger.closed;
    expect(stranger.lines.at(-1)).toMatchObject({ id: null, error: { data: { reason: 'sign-in-timeout' } } });
    expect(server.aside.stats().connections).toBe(0);
  });

  it('drops a connection after 75 s of silence, as a lost one', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const anna = await server.person('anna');
    server.clock.advance(60_000);
    await anna.request('session.ping', {});
    server.clock.advance(14_750);
    expect(kevin.connection.isClosing).toBe(false);
    server.clock.advance(250);
    await kevin.closed;
    expect(kevin.ending).toBeUndefined();
    server.clock.advance(10_250);
    expect(await news(server, anna)).toEqual(['kevin left: connection-lost']);
  });

  it('makes the server ping after 30 s without other lines, and again after 30 s', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const pings = () => kevin.lines.filter(({ method }) => (method as string) === 'session.ping').length;
    server.clock.advance(29_750);
    expect(pings()).toBe(0);
    server.clock.advance(250);
    expect(pings()).toBe(1);
    await kevin.request('session.ping', {});
    server.clock.advance(29_750);
    expect(pings()).toBe(1);
    server.clock.advance(250);
    expect(pings()).toBe(2);
  });
});

describe('Online list (C2, ASIDE-6.2)', () => {
  it('contains the other users with their times, in order of name', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    server.clock.advance(1_000);
    await server.person('Bert');
    server.clock.advance(1_000);
    await server.person('anna');
    const now = server.clock.now();
    expect(await kevin.request('presence.online', {})).toEqual({
      users: [
        { username: 'anna', since: now },
        { username: 'Bert', since: now - 1_000 },
      ],
    });
    expect(names((await kevin.request('presence.online', { after: 'ANNA' })).users)).toEqual(['Bert']);
    expect(names((await kevin.request('presence.online', { after: 'Azzz' })).users)).toEqual(['Bert']);
  });

  it('splits 2,000 users with the longest names into pages that fit into lines (ASIDE-3.7)', async () => {
    const folder = new StoreFolder();
    onTestFinished(() => folder.cleanUp());
    const everybody = Array.from({ length: 2_000 }, (_, i) => `${'\u{10428}'.repeat(28)}${String(i).padStart(4, '0')}`);
    const clock = new FakeClock();
    const store = await folder.open();
    await Promise.all(
      everybody.map(async (username) => {
        const account = await store.createAccount({ ...newAccount(username), key: username });
        if (account) await store.openInterval(account.id, clock.now());
      }),
    );
    await store.markAlive(clock.now());
    await store.close();

    const server = await startInMemory({ folder, clock });
    const viewer = server.connect();
    const { online, next } = await viewer.register('viewer');
    expect(next).toBe(online.at(-1)?.username);
    expect(online.length).toBeGreaterThan(300);
    expect(await everyone(viewer)).toEqual(everybody);
    for (const username of everybody.slice(0, 900)) await viewer.request('blacklist.add', { username });
    server.clock.advance(5_000);
    const blocked: string[] = [];
    let after: string | undefined;
    do {
      const page = await viewer.request('blacklist.list', after === undefined ? {} : { after });
      blocked.push(...page.users);
      after = page.next;
    } while (after !== undefined);
    expect(blocked).toEqual(everybody.slice(0, 900));
  });
});

describe('Presence history (C3, ASIDE-6.3)', () => {
  it('contains all users online within the time, including those that left, with their times', async () => {
    const server = await startInMemory();
    const start = server.clock.now();
    const at = (seconds: number) => start + seconds * 1_000;
    const anna = await server.person('anna');
    server.clock.advance(10_000);
    await anna.signOut();
    await server.person('bert');
    server.clock.advance(10_000);
    const again = await server.signIn('anna');
    server.clock.advance(10_000);
    await again.signOut();
    const viewer = await server.person('viewer');
    server.clock.advance(10_000);
    const history = async (seconds: number) => (await viewer.request('presence.history', { seconds })).users;
    expect(await history(3_600)).toEqual([
      {
        username: 'anna',
        intervals: [
          [at(0), at(10)],
          [at(20), at(30)],
        ],
      },
      { username: 'bert', intervals: [[at(10), null]] },
    ]);
    expect(await history(15)).toEqual([
      { username: 'anna', intervals: [[at(20), at(30)]] },
      { username: 'bert', intervals: [[at(10), null]] },
    ]);
    expect(names(await history(5))).toEqual(['bert']);
    expect(names(await history(0))).toEqual(['bert']);
    expect(names(await history(Number.MAX_SAFE_INTEGER))).toEqual(['anna', 'bert']);
  });

  it('is kept for 90 days', async () => {
    const day = 86_400_000;
    const server = await startInMemory();
    await server.absent('anna');
    server.clock.jump(89 * day);
    await server.absent('bert');
    const history = async () => {
      server.clock.advance(3_600_000);
      await server.settle();
      const viewer = server.connect();
      const { users } = await viewer
        .signIn('bert')
        .then(() => viewer.request('presence.history', { seconds: 400 * 86_400 }));
      await viewer.signOut();
      return names(users);
    };
    expect(await history()).toEqual(['anna']);
    server.clock.jump(2 * day);
    expect(await history()).toEqual([]);
  });

  it.each([
    ['a person fills more than a page', { anna: 2_400, bert: 2_400, carl: 2_400, dora: 2_400 }],
    ['only the newest of a person are shown', { anna: 4_000, bert: 1_500, carl: 1 }],
    ['a person has more than are looked at', { anna: 6_000, bert: 1 }],
    ['oneself is left out', { anna: 1, viewer: 5_000, zoe: 2 }],
  ])('contains all users, however often they came and went: %s', async (_what, times) => {
    const server = await startInMemory();
    const people = Object.entries(times);
    await server.absent(...people.map(([name]) => name).filter((name) => name !== 'viewer'), 'viewer');
    await server.settle();
    const start = server.clock.now();
    server.clock.jump(3_600_000);
    await addIntervals(server, start, times);
    const viewer = await server.signIn('viewer');
    const seen: string[] = [];
    let after: string | undefined;
    for (let page = 0; page < 20; page++) {
      const params = after === undefined ? { seconds: 7_200 } : { seconds: 7_200, after };
      const { users, next } = await viewer.request('presence.history', params);
      for (const { username, intervals } of users) {
        seen.push(username);
        const all = (times as Record<string, number>)[username] ?? 0;
        expect(intervals.length).toBeGreaterThanOrEqual(Math.min(all, 1_500));
        expect(intervals.at(-1)).toEqual([start + all * 10, start + all * 10 + 5]);
      }
      if (next === undefined) break;
      after = next;
    }
    expect(seen).toEqual(people.map(([name]) => name).filter((name) => name !== 'viewer'));
  });
});

describe('User search (ASIDE-6.4)', () => {
  it('finds users by name prefix, with their presence', async () => {
    const server = await startInMemory();
    await server.absent('Kelly', 'karl');
    await server.person('kevin');
    const viewer = await server.person('kate');
    const search = (prefix: string, limit?: number) =>
      viewer.request('people.search', limit === undefined ? { prefix } : { prefix, limit });
    expect(await search('KE')).toEqual({
      users: [
        { username: 'Kelly', online: false },
        { username: 'kevin', online: true },
      ],
    });
    expect(names((await search('')).users)).toEqual(['karl', 'Kelly', 'kevin']);
    expect(names((await search('k', 1)).users)).toEqual(['karl']);
    expect((await search('nobody')).users).toEqual([]);
    expect((await search(' ')).users).toEqual([]);
  });
});

describe('Blocked user (C4, ASIDE-8-6)', () => {
  it('sees a departure at the block, then nothing, and an arrival at the unblock', async () => {
    const server = await startInMemory();
    const anna = await server.person('anna');
    const pest = await server.person('pest');
    await anna.request('blacklist.add', { username: 'PEST' });
    expect(await news(server, pest)).toEqual(['anna left: signed-out']);

    await anna.signOut();
    const again = await server.signIn('anna');
    again.notify('typing.set', { to: 'pest', typing: true });
    expect(await news(server, pest)).toEqual([]);
    expect(pest.take('typing.changed')).toEqual([]);
    expect((await pest.request('presence.online', {})).users).toEqual([]);
    expect((await pest.request('presence.history', { seconds: 3_600 })).users).toEqual([]);
    expect((await pest.request('people.search', { prefix: 'an' })).users).toEqual([]);
    pest.drop();
    const back = server.connect({ device: pest.device });
    expect((await back.resume(pest.token)).online).toEqual([]);

    await again.request('blacklist.remove', { username: 'pest' });
    expect(await news(server, back)).toEqual(['anna came']);
    expect(names((await back.request('presence.online', {})).users)).toEqual(['anna']);
    expect(names((await back.request('people.search', { prefix: 'an' })).users)).toEqual(['anna']);
  });

  it.each(['drop', 'time-out', 'take-over'])('sees nothing of a %s of the blocker', async (how) => {
    const server = await startInMemory({ config: { timeoutSeconds: 60 } });
    const anna = await server.person('anna');
    const pest = await server.person('pest');
    await anna.request('blacklist.add', { username: 'pest' });
    await news(server, pest);
    server.clock.advance(20_000);
    pest.notify('session.activity', {});
    if (how === 'drop') anna.drop();
    if (how === 'take-over') await server.connect().signIn('anna', PASSWORD, true);
    server.clock.advance(40_000);
    expect(await news(server, pest)).toEqual([]);
  });

  it('stays visible to the blocker, who receives no typing (ASIDE-8-8, E2)', async () => {
    const server = await startInMemory();
    const anna = await server.person('anna');
    const pest = await server.person('pest');
    await anna.request('blacklist.add', { username: 'pest' });
    pest.notify('typing.set', { to: 'anna', typing: true });
    await news(server, anna);
    await pest.signOut();
    expect(await news(server, anna)).toEqual(['pest left: signed-out']);
    expect(anna.take('typing.changed')).toEqual([]);
    expect(names((await anna.request('people.search', { prefix: 'pe' })).users)).toEqual(['pest']);
    expect(names((await anna.request('presence.history', { seconds: 60 })).users)).toEqual(['pest']);
  });

  it('sees no arrival if the blocker left while the block was lifted', async () => {
    const server = await startInMemory();
    const anna = await server.person('anna');
    const pest = await server.person('pest');
    await anna.request('blacklist.add', { username: 'pest' });
    await news(server, pest);
    const release = server.disk.hold('removeBlock');
    anna.sendRaw('{"jsonrpc":"2.0","id":"b","method":"blacklist.remove","params":{"username":"pest"}}');
    await anna.signOut();
    release();
    expect((await news(server, pest)).at(-1) ?? 'nothing').not.toBe('anna came');
    expect((await pest.request('presence.online', {})).users).toEqual([]);
  });

  it('finds no blocker in any page of a list', async () => {
    const server = await startInMemory();
    const people = ['anna', 'bert'];
    await server.absent(...people, 'pest');
    const anna = await server.signIn('anna');
    await anna.request('blacklist.add', { username: 'pest' });
    await addIntervals(server, server.clock.now(), { anna: 5_000, bert: 3_000 });
    const pest = await server.signIn('pest');
    let after: string | undefined;
    for (let page = 0; page < 20; page++) {
      const params = after === undefined ? { seconds: 3_600 } : { seconds: 3_600, after };
      const result = await pest.request('presence.history', params);
      expect(JSON.stringify(result)).not.toContain('anna');
      if (result.next === undefined) break;
      after = result.next;
    }
  });
});

describe('Typing (ASIDE-6.5)', () => {
  it('is forwarded to the recipient, or dropped without an answer', async () => {
    const server = await startInMemory();
    const anna = await server.person('anna');
    const bert = await server.person('bert');
    const carl = await server.person('carl');
    await server.absent('gone');
    bert.notify('typing.set', { to: 'ANNA', typing: true });
    expect(await anna.notification('typing.changed')).toEqual({ username: 'bert', typing: true });
    bert.notify('typing.set', { to: 'anna', typing: false });
    expect(await anna.notification('typing.changed')).toEqual({ username: 'bert', typing: false });
    for (const to of ['bert', 'gone', 'nobody', '']) bert.notify('typing.set', { to, typing: true });
    await server.settle();
    expect([bert, carl, anna].flatMap((client) => client.take('typing.changed'))).toEqual([]);
    expect(bert.lines.filter(({ error }) => error)).toEqual([]);
    expect(await bert.call('typing.set', { to: 'anna', typing: true })).toEqual({});
  });
});
