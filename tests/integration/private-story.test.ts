import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPrivateSession, contents, PrivateUser, until } from '../support/private-users.ts';
import { RecordingProxy } from '../support/recording-proxy.ts';
import { freePort, type RunningServer, startServer } from '../support/server-process.ts';

const SECRET = /geheimnis|vertraulich/;
let server: RunningServer;
let people: PrivateUser[];
let names = 0;

beforeEach(async () => {
  people = [];
  server = await startServer();
});
afterEach(async () => {
  for (const person of people) person.remove();
  await server.cleanUp();
});

async function person(base: string, port = server.port): Promise<PrivateUser> {
  const made = await PrivateUser.join(`${base}${++names}`, port);
  people.push(made);
  return made;
}

/** Sends `count` messages in both directions and waits until all are confirmed. */
async function exchange(one: PrivateUser, other: PrivateUser, count: number): Promise<void> {
  const [before, beforeOther] = [one.deliveredTo(other), other.deliveredTo(one)];
  for (let number = 0; number < count; number++) {
    await one.say(other, `geheimnis ${number}`);
    await other.say(one, `vertraulich ${number}`);
  }
  await until(
    () => one.deliveredTo(other) === before + count && other.deliveredTo(one) === beforeOther + count,
    'all delivered',
  );
}

describe('Private sessions of two users', () => {
  it.each([
    ['directly', true, 'direct-lan'],
    ['through the tunnel, because one side hides its address', false, 'relayed'],
  ] as const)(
    'deliver messages that are neither stored nor readable at the server: %s (F2, F4, F5, F7)',
    async (_how, reveal, path) => {
      const proxy = new RecordingProxy();
      await proxy.start(server.port, server.certificate ?? '');
      try {
        const [hans, kevin] = [await person('hans', proxy.port), await person('kevin', proxy.port)];
        if (!reveal) await kevin.must('private.revealAddress', { reveal, username: hans.name });
        await openPrivateSession(hans, kevin);
        expect([hans.pathWith(kevin), kevin.pathWith(hans)]).toEqual([path, path]);
        const seen = proxy.connections.map(({ chunks }) => chunks.length);
        await exchange(hans, kevin, 100);
        expect(kevin.heardFrom(hans)).toEqual(Array.from({ length: 100 }, (_one, number) => `geheimnis ${number}`));
        expect(hans.heardFrom(kevin)).toEqual(Array.from({ length: 100 }, (_one, number) => `vertraulich ${number}`));
        // The proxy reads ordinary messages, so it would read private ones too.
        await hans.must('message.send', { to: kevin.name, text: 'gewöhnlich' });
        await until(() => kevin.messages.length === 1, 'the ordinary message');
        expect(Buffer.from(proxy.recorded, 'latin1').toString()).toContain('gewöhnlich');
        expect(proxy.recorded).not.toMatch(SECRET);
        const tunnels = proxy.connections.filter(({ protocol }) => protocol === 'aside-relay/1');
        if (reveal) {
          expect(tunnels).toEqual([]);
          // During the session, the connections to the server carry at most pings and activity.
          const said = proxy.connections
            .flatMap(({ chunks }, index) => chunks.slice(seen[index]))
            .filter(({ from }) => from === 'client')
            .flatMap(({ bytes }) => bytes.toString().trim().split('\n'))
            .map((line) => (JSON.parse(line) as { method?: string }).method);
          const expected = ['session.activity', 'session.ping', 'message.send', 'message.confirm', 'private.signal'];
          expect(said.filter((method) => method !== undefined && !expected.includes(method))).toEqual([]);
        } else {
          expect(tunnels).toHaveLength(2);
          expect(proxy.recorded).not.toContain('"host","address"');
          expect(proxy.recorded).not.toContain('peer.message');
        }
        await hans.must('private.end', { username: kevin.name });
        await until(() => kevin.endings.length === 1, 'kevin knows');
        expect([hans.endings, kevin.endings]).toEqual([['ended by you'], ['ended by peer']]);
        for (const one of [hans, kevin]) {
          expect(contents(one.data)).not.toMatch(SECRET);
          expect(JSON.stringify(one.client.snapshot())).not.toMatch(SECRET);
        }
        expect(contents(server.dataFolder) + server.stdout() + server.stderr()).not.toMatch(SECRET);
      } finally {
        proxy.stop();
      }
    },
  );

  it('run several at once, beside ordinary messages, and end one by one (F5, F6)', async () => {
    const [hans, kevin, yoda] = [await person('hans'), await person('kevin'), await person('yoda')];
    await openPrivateSession(hans, kevin);
    await openPrivateSession(yoda, hans);
    await kevin.must('private.ask', { username: yoda.name });
    await until(() => yoda.stateWith(kevin) === 'asked', 'yoda is asked');
    const ordinary = async (): Promise<void> => {
      for (let n = 0; n < 50; n++) await hans.must('message.send', { to: yoda.name, text: `offen ${n}` });
    };
    await Promise.all([exchange(hans, kevin, 50), exchange(yoda, hans, 50), ordinary()]);
    await until(() => yoda.messages.length === 50, 'ordinary messages');
    expect(yoda.messages).toEqual(Array.from({ length: 50 }, (_one, n) => `offen ${n}`));
    expect(hans.client.snapshot().privateSessions).toHaveLength(2);
    await hans.must('private.end', { username: kevin.name });
    await until(() => kevin.endings.length === 1, 'kevin knows');
    expect(hans.stateWith(yoda)).toBe('open');
    await hans.say(yoda, 'still here');
    await until(() => yoda.heardFrom(hans).includes('still here'), 'yoda hears');
  });

  it('send a message once if a window without an answer repeats the command (D3, F5)', async () => {
    const [hans, kevin] = [await person('hans'), await person('kevin')];
    await openPrivateSession(hans, kevin);
    const words = { id: '018c3f5e-0000-7000-8000-000000000001', username: kevin.name, text: 'once' };
    const first = await hans.must('private.say', words);
    expect(await hans.must('private.say', { ...words, username: kevin.name.toUpperCase() })).toEqual(first);
    expect(await hans.refusal('private.say', { ...words, text: 'other' })).toBe('id-conflict');
    await until(() => hans.deliveredTo(kevin) === 1, 'delivered');
    // A later message has arrived, so every earlier one has.
    await exchange(hans, kevin, 1);
    expect(kevin.heardFrom(hans).filter((text) => text === 'once')).toHaveLength(1);
  }, 30_000);

  it('save messages only while both sides ask, and show the choice of each (F7)', async () => {
    const [hans, kevin] = [await person('hans'), await person('kevin')];
    await openPrivateSession(hans, kevin);
    await hans.must('private.keep', { username: kevin.name, keep: true });
    await until(() => kevin.with(hans)?.keep.peer === true, 'kevin is shown the wish');
    await exchange(hans, kevin, 1);
    expect([contents(hans.data), contents(kevin.data)].join()).not.toMatch(SECRET);
    await kevin.must('private.keep', { username: hans.name, keep: true });
    await until(() => hans.with(kevin)?.keep.peer === true, 'hans is shown the wish');
    await hans.say(kevin, 'for the record');
    await kevin.say(hans, 'agreed');
    await until(() => hans.deliveredTo(kevin) === 2 && kevin.deliveredTo(hans) === 2, 'delivered');
    const kept = (one: PrivateUser, other: PrivateUser) =>
      one.history
        .page(`@${other.name}`, undefined, 10)
        .map(({ text, incoming, isPrivate: privately }) => ({ text, incoming, privately }));
    await until(() => kept(hans, kevin).length === 2 && kept(kevin, hans).length === 2, 'kept');
    expect(kept(hans, kevin)).toContainEqual({ text: 'for the record', incoming: false, privately: true });
    expect(kept(hans, kevin)).toContainEqual({ text: 'agreed', incoming: true, privately: true });
    expect(kept(kevin, hans)).toContainEqual({ text: 'for the record', incoming: true, privately: true });
    expect(kept(kevin, hans)).toContainEqual({ text: 'agreed', incoming: false, privately: true });
    await kevin.must('private.keep', { username: hans.name, keep: false });
    await until(() => hans.with(kevin)?.keep.peer === false, 'the wish is taken back');
    await exchange(hans, kevin, 1);
    expect([kept(hans, kevin).length, kept(kevin, hans).length]).toEqual([2, 2]);
  });
});

describe('Private requests', () => {
  it('end with a decline or a cancel, and fail for no user, the own user and an offline user (F1)', async () => {
    const [hans, kevin] = [await person('hans'), await person('kevin')];
    expect(await hans.refusal('private.ask', { username: 'nobody' })).toBe('no-such-user');
    expect(await hans.refusal('private.ask', { username: hans.name })).toBe('self');
    await hans.must('private.ask', { username: kevin.name });
    await until(() => kevin.stateWith(hans) === 'asked', 'kevin is asked');
    expect(await hans.refusal('private.ask', { username: kevin.name })).toBe('already-asking');
    await kevin.must('private.answer', { username: hans.name, accept: false });
    await until(() => hans.endings.includes('declined by peer'), 'hans knows');
    expect(kevin.endings).toEqual(['declined by you']);
    await hans.must('private.ask', { username: kevin.name });
    await until(() => kevin.stateWith(hans) === 'asked', 'kevin is asked again');
    await hans.must('private.cancel', { username: kevin.name });
    await until(() => kevin.endings.includes('cancelled by peer'), 'kevin knows');
    expect(await kevin.refusal('private.answer', { username: hans.name, accept: true })).toBe('not-asked');
    await kevin.must('session.signOut', {});
    expect(await hans.refusal('private.ask', { username: kevin.name })).toBe('offline');
    expect(await hans.refusal('private.say', { username: kevin.name, text: 'x' })).toBe('no-private-session');
    expect(hans.client.snapshot().privateSessions).toEqual([]);
  });

  it('become one session if they cross (F1)', async () => {
    const [hans, kevin] = [await person('hans'), await person('kevin')];
    await Promise.all([
      hans.must('private.ask', { username: kevin.name }),
      kevin.must('private.ask', { username: hans.name }),
    ]);
    await until(() => hans.stateWith(kevin) === 'open' && kevin.stateWith(hans) === 'open', 'open on both sides');
    expect(hans.client.snapshot().privateSessions).toHaveLength(1);
    expect(hans.with(kevin)?.sid).toBe(kevin.with(hans)?.sid);
  });

  it('need acceptance of a changed identity, on either side (F8)', async () => {
    const [hans, kevin] = [await person('hans'), await person('kevin')];
    await openPrivateSession(hans, kevin);
    const digits = await hans.must('private.safetyNumber', { username: kevin.name });
    expect(digits.digits).toMatch(/^(\d{5} ){11}\d{5}$/);
    expect((await kevin.must('private.safetyNumber', { username: hans.name })).digits).toBe(digits.digits);
    expect(await kevin.must('private.verify', { username: hans.name, verified: true })).toEqual({
      trust: 'verified',
    });
    await hans.must('private.end', { username: kevin.name });
    const other = await hans.onAnotherComputer();
    people.push(other);
    // A request with a changed identity cannot be accepted before the identity is.
    await other.must('private.ask', { username: kevin.name });
    await until(() => kevin.stateWith(other) === 'asked', 'kevin is asked');
    expect(kevin.events.some(({ name }) => name === 'private.identityChanged')).toBe(true);
    expect(kevin.with(other)?.state).toMatchObject({ trust: 'changed' });
    expect(await kevin.refusal('private.answer', { username: other.name, accept: true })).toBe('identity-changed');
    await other.must('private.cancel', { username: kevin.name });
    await until(() => kevin.with(other) === undefined, 'withdrawn');
    // An answer with a changed identity ends the session with a warning, before any message.
    await kevin.must('private.ask', { username: other.name });
    await until(() => other.stateWith(kevin) === 'asked', 'hans is asked');
    await other.must('private.answer', { username: kevin.name, accept: true });
    await until(() => kevin.endings.includes('identity-changed by you'), 'kevin stops it');
    await until(() => other.client.snapshot().privateSessions.length === 0, 'hans knows');
    expect(kevin.events.some(({ name }) => name === 'private.message')).toBe(false);
    const changed = await kevin.must('private.safetyNumber', { username: other.name });
    expect(changed.trust).toBe('changed');
    expect(changed.digits).not.toBe(digits.digits);
    expect(await kevin.must('private.acceptIdentity', { username: other.name })).toEqual({ trust: 'known' });
    await openPrivateSession(kevin, other);
    await other.say(kevin, 'it is me');
    await until(() => kevin.heardFrom(other).length === 1, 'kevin hears');
  });

  it('use the stored identities and address rule after a restart (F2, F8)', async () => {
    const [hans, kevin] = [await person('hans'), await person('kevin')];
    await openPrivateSession(hans, kevin);
    await hans.must('private.verify', { username: kevin.name, verified: true });
    await hans.must('private.revealAddress', { reveal: false });
    await hans.restart();
    expect(hans.client.snapshot().addressRule).toEqual({ reveal: false, people: {} });
    await until(() => kevin.with(hans) === undefined, 'over for kevin');
    await openPrivateSession(hans, kevin);
    expect(hans.with(kevin)?.state).toMatchObject({ trust: 'verified', path: { kind: 'relayed' } });
  });
});

describe('End of private sessions', () => {
  it('follows a sign-out at once on both sides (B6)', async () => {
    const [hans, kevin, yoda] = [await person('hans'), await person('kevin'), await person('yoda')];
    await openPrivateSession(hans, kevin);
    await yoda.must('private.ask', { username: hans.name });
    await until(() => hans.stateWith(yoda) === 'asked', 'hans is asked');
    const before = Date.now();
    await hans.must('session.signOut', {});
    await until(() => kevin.endings.length === 1 && yoda.endings.length === 1, 'both know');
    expect(Date.now() - before).toBeLessThan(8_000);
    expect(kevin.endings).toEqual(['peer-left by peer']);
    expect(yoda.endings[0]).toMatch(/^peer-left/);
    expect(hans.client.snapshot().privateSessions).toEqual([]);
  });

  it('follows a block on the direct connection too, and on all requests (E2, E3)', async () => {
    const [hans, kevin] = [await person('hans'), await person('kevin')];
    await openPrivateSession(hans, kevin);
    await kevin.must('blacklist.add', { username: hans.name });
    await until(() => hans.endings.length === 1 && kevin.endings.length === 1, 'both know');
    expect([hans.endings[0], kevin.endings[0]]).toEqual([
      expect.stringMatching(/^blocked/),
      expect.stringMatching(/^blocked/),
    ]);
    expect(await hans.refusal('private.say', { username: kevin.name, text: 'x' })).toBe('no-private-session');
    expect(await hans.refusal('private.ask', { username: kevin.name })).toBe('blocked');
    const own = await kevin.client.run('private.ask', { username: hans.name });
    expect(own).toMatchObject({ failure: { reason: 'blocked', detail: 'blocked-by-you' } });
  });

  it('follows the stop of a program, which accepts requests again after its start (F1, F6)', async () => {
    const [hans, kevin] = [await person('hans'), await person('kevin')];
    await openPrivateSession(hans, kevin);
    const before = Date.now();
    await hans.restart();
    await until(() => kevin.endings.length === 1, 'kevin knows');
    expect(Date.now() - before).toBeLessThan(9_000);
    expect(kevin.endings[0]).toMatch(/^(peer-left|ended) by peer$/);
    await openPrivateSession(kevin, hans);
    await kevin.say(hans, 'again');
    await until(() => hans.heardFrom(kevin).length === 1, 'hans hears');
  });
});

describe('Private sessions and the connection to the server', () => {
  it('continue directly without the connection, and without the server (F6, G7)', async () => {
    const port = await freePort();
    const mortal = await startServer({ port });
    try {
      const [hans, kevin] = [await person('hans', port), await person('kevin', port)];
      await openPrivateSession(hans, kevin);
      await mortal.killHard();
      await until(() => !hans.online && !kevin.online, 'both have lost the server');
      await exchange(hans, kevin, 20);
      const again = await startServer({ port, dataFolder: mortal.dataFolder });
      try {
        for (const one of [hans, kevin]) await one.must('session.tryNow', {});
        await until(() => hans.online && kevin.online, 'both are back');
        await exchange(hans, kevin, 20);
        expect([hans.endings, kevin.endings]).toEqual([[], []]);
        await kevin.must('private.end', { username: hans.name });
        await until(() => hans.endings.length === 1, 'hans knows');
      } finally {
        await again.cleanUp();
      }
    } finally {
      await mortal.cleanUp();
    }
  });

  it('count private messages as activity, and end for the peer when a user times out (B5, B6)', async () => {
    const strict = await startServer({ timeoutSeconds: 4 });
    try {
      const [hans, kevin] = [await person('hans', strict.port), await person('kevin', strict.port)];
      await openPrivateSession(hans, kevin);
      const end = Date.now() + 8_000;
      while (Date.now() < end) {
        await hans.say(kevin, 'noch da');
        await new Promise((resolve) => setTimeout(resolve, 300));
        // Typing alone counts as Kevin's activity.
        await kevin.must('private.typing', { username: hans.name, typing: true });
      }
      expect([hans.online, kevin.online]).toEqual([true, true]);
      expect([hans.endings, kevin.endings]).toEqual([[], []]);
      // Now only hans is active.
      await until(() => {
        void hans.client.run('session.activity', {});
        return kevin.client.snapshot().connection.state === 'signed-out';
      }, 'kevin is signed out');
      await until(() => hans.endings.length === 1 && kevin.endings.length === 1, 'both know');
      expect(hans.endings).toEqual(['peer-left by peer']);
      expect(hans.online).toBe(true);
    } finally {
      await strict.cleanUp();
    }
  });
});
