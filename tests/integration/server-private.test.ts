import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { privateNotifications, fakePayload, nextNotification } from '../support/private-notifications.ts';
import {
  type ClientOptions,
  type InMemoryServer,
  type MemoryClient,
  startInMemory,
} from '../support/server-in-memory.ts';
import { PASSWORD } from '../support/wire-client.ts';

const MINUTE = 60_000;
const OFFER = fakePayload('offer of a test');
const KEVIN_AT = { address: '203.0.113.7', port: 50_007 };
const MARIA_AT = { address: '2001:db8::77', port: 50_077 };

/** A client at an address and port that can be searched for. */
async function personAt(server: InMemoryServer, name: string, at: { address: string; port: number }) {
  const client = await server.person(name, { address: at.address });
  Object.assign(client.connection, { remotePort: at.port });
  return client;
}

async function twoPeople(server: InMemoryServer): Promise<[MemoryClient, MemoryClient]> {
  return [await personAt(server, 'kevin', KEVIN_AT), await personAt(server, 'maria', MARIA_AT)];
}

/** Asks; @returns the id of the request */
async function ask(from: MemoryClient, to: MemoryClient, sid: string = randomUUID()): Promise<string> {
  await from.request('private.request', { sid, to: to.username, offer: OFFER });
  await nextNotification(to, 'private.requested');
  return sid;
}

/** Asks and is told yes. */
async function talk(from: MemoryClient, to: MemoryClient): Promise<string> {
  const sid = await ask(from, to);
  await to.request('private.answer', { sid, accept: true, answer: fakePayload('yes') });
  await nextNotification(from, 'private.answered');
  return sid;
}

async function isOver(sid: string, ...people: MemoryClient[]): Promise<void> {
  for (const person of people) {
    expect((await person.refusal('private.signal', { sid, payload: OFFER })).reason).toBe('no-such-session');
    expect((await person.refusal('private.relay', { sid })).reason).toBe('no-such-session');
  }
}

async function isOpen(sid: string, from: MemoryClient, to: MemoryClient): Promise<void> {
  const payload = fakePayload(randomUUID());
  await from.request('private.signal', { sid, payload });
  expect(await nextNotification(to, 'private.signal')).toEqual({ sid, payload });
}

async function comeBack(
  server: InMemoryServer,
  client: MemoryClient,
  options: ClientOptions = {},
): Promise<MemoryClient> {
  const again = server.connect({ device: client.device, ...options });
  await again.resume(client.token);
  return again;
}

describe('Private request (F1)', () => {
  it('[ASIDE-11.1-1] [ASIDE-11.2-1] reaches the responder with the note, and waits for a minute', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const sid = randomUUID();
    const note = `${'ü'.repeat(279)}\u{1f600}`;
    const expiresAt = server.clock.now() + MINUTE;
    expect(await kevin.request('private.request', { sid, to: 'MARIA', offer: OFFER, note })).toEqual({ expiresAt });
    expect(await nextNotification(maria, 'private.requested')).toEqual({
      sid,
      from: 'kevin',
      offer: OFFER,
      note,
      expiresAt,
    });
    expect(await maria.request('private.answer', { sid, accept: true, answer: fakePayload('yes') })).toEqual({});
    expect(await nextNotification(kevin, 'private.answered')).toEqual({
      sid,
      accepted: true,
      answer: fakePayload('yes'),
    });
    await isOpen(sid, kevin, maria);
    await isOpen(sid, maria, kevin);
  });

  it.each([
    ['a note over 280 characters', { note: 'x'.repeat(281) }],
    ['a note with a control character', { note: 'two\nlines' }],
    ['a note with another control character', { note: '\u009b31m' }],
    ['a note with half a character', { note: '\ud800' }],
    ['an offer over 8 KiB', { offer: Buffer.alloc(8_193, 1).toString('base64') }],
    ['an empty offer', { offer: '' }],
    ['an offer that is not base64', { offer: 'AAA_' }],
    ['an offer without its padding', { offer: 'AAAAAA' }],
    ['an offer with something behind its padding', { offer: 'AA==AAAA' }],
    ['an id that is no UUID', { sid: 'x' }],
    ['a member too many', { candidates: [] }],
  ])('is refused with %s', async (_what, params) => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const whole = { sid: randomUUID(), to: 'maria', offer: OFFER, ...params };
    await expect(kevin.call('private.request', whole)).rejects.toMatchObject({ reason: 'invalid-params' });
    expect(privateNotifications(maria)).toEqual([]);
  });

  it('accepts an offer of exactly 8 KiB', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const offer = Buffer.alloc(8_192, 0xff).toString('base64');
    await kevin.request('private.request', { sid: randomUUID(), to: 'maria', offer });
    expect((await nextNotification(maria, 'private.requested')).offer).toBe(offer);
  });

  it('is refused for an unknown user, the own user, an offline user and a user with a lost connection', async () => {
    const server = await startInMemory();
    await server.absent('away');
    const [kevin, maria] = await twoPeople(server);
    const reason = async (to: string) =>
      (await kevin.refusal('private.request', { sid: randomUUID(), to, offer: OFFER })).reason;
    expect(await reason('nobody')).toBe('no-such-user');
    expect(await reason('not a name')).toBe('no-such-user');
    expect(await reason('Kevin')).toBe('self');
    expect(await reason('away')).toBe('offline');
    maria.drop();
    expect(await reason('maria')).toBe('offline');
  });

  it('is refused if either user has blocked the other, without a notification (E2)', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    await maria.request('blacklist.add', { username: 'kevin' });
    for (const [from, to] of [
      [kevin, 'maria'],
      [maria, 'kevin'],
    ] as const) {
      expect((await from.refusal('private.request', { sid: randomUUID(), to, offer: OFFER })).reason).toBe('blocked');
    }
    expect([...privateNotifications(kevin), ...privateNotifications(maria)]).toEqual([]);
    await maria.request('blacklist.remove', { username: 'kevin' });
    await ask(kevin, maria);
  });

  it('is refused as blocked, not offline, by a blocker that is offline', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    await maria.request('blacklist.add', { username: 'kevin' });
    await maria.signOut();
    const refusal = await kevin.refusal('private.request', { sid: randomUUID(), to: 'maria', offer: OFFER });
    expect(refusal.reason).toBe('blocked');
  });

  it('is refused during a session or another request of the two; crossing requests become one session', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const sid = await ask(kevin, maria);
    const again = async (from: MemoryClient, to: string) =>
      (await from.refusal('private.request', { sid: randomUUID(), to, offer: OFFER })).reason;
    expect(await again(kevin, 'maria')).toBe('already-asking');
    expect(await again(maria, 'kevin')).toBe('already-asking');
    expect(privateNotifications(kevin)).toEqual([]);
    // The second client accepts, because its user asked for the same.
    await maria.request('private.answer', { sid, accept: true, answer: fakePayload('yes') });
    expect((await nextNotification(kevin, 'private.answered')).sid).toBe(sid);
    expect(await again(kevin, 'maria')).toBe('already-open');
    expect(await again(maria, 'kevin')).toBe('already-open');
    await isOpen(sid, kevin, maria);
    await kevin.request('private.end', { sid });
    expect((await nextNotification(maria, 'private.ended')).reason).toBe('ended');
    await talk(maria, kevin);
  });

  it('reaches exactly one of two users that ask at the same time', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const outcomes = await Promise.allSettled([
      kevin.request('private.request', { sid: randomUUID(), to: 'maria', offer: OFFER }),
      maria.request('private.request', { sid: randomUUID(), to: 'kevin', offer: OFFER }),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect([...privateNotifications(kevin), ...privateNotifications(maria)]).toHaveLength(1);
  });

  it('[ASIDE-11.1-6] is limited to 16 open ones by one user, and by rate', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const others: MemoryClient[] = [];
    for (let n = 0; n < 18; n++) others.push(await server.person(`other${n}`));
    const reason = async (to: string) =>
      (await kevin.refusal('private.request', { sid: randomUUID(), to, offer: OFFER })).reason;
    const sids: string[] = [];
    for (const other of others.slice(0, 16)) sids.push(await ask(kevin, other));
    expect(await reason('other16')).toBe('slow-down');
    await kevin.request('private.cancel', { sid: sids[0] ?? '' });
    await ask(kevin, others[16] as MemoryClient);
    // That were 18 of a burst of 20.
    await kevin.request('private.cancel', { sid: sids[1] ?? '' });
    await kevin.request('private.cancel', { sid: sids[2] ?? '' });
    await ask(kevin, others[17] as MemoryClient);
    await ask(kevin, others[1] as MemoryClient);
    const refusal = await kevin.refusal('private.request', { sid: randomUUID(), to: 'other2', offer: OFFER });
    expect(refusal).toMatchObject({ reason: 'slow-down', retryAfterMs: 2_000 });
    server.clock.advance(2_000);
    await kevin.request('private.cancel', { sid: sids[3] ?? '' });
    await ask(kevin, others[2] as MemoryClient);
  });

  it('[ASIDE-11.1-6] is limited to 32 open ones to one user', async () => {
    const server = await startInMemory();
    const maria = await server.person('maria');
    for (let n = 0; n < 32; n++) await ask(await server.person(`other${n}`), maria);
    const late = await server.person('late');
    const refusal = await late.refusal('private.request', { sid: randomUUID(), to: 'maria', offer: OFFER });
    expect(refusal.reason).toBe('slow-down');
  });
});

describe('End of a private request (F1)', () => {
  it('[ASIDE-11.2-3] follows after a minute without an answer, and both users are notified', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const sid = await ask(kevin, maria);
    server.clock.advance(MINUTE - 1);
    expect([kevin, maria].map((client) => privateNotifications(client).length)).toEqual([0, 1]);
    server.clock.advance(251);
    for (const client of [kevin, maria])
      expect(await nextNotification(client, 'private.ended')).toEqual({ sid, reason: 'expired' });
    expect((await maria.refusal('private.answer', { sid, accept: true })).reason).toBe('no-such-request');
    expect((await kevin.refusal('private.cancel', { sid })).reason).toBe('no-such-request');
    await talk(kevin, maria);
  });

  it('applies when the minute is over, even before it is announced', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const sid = await ask(kevin, maria);
    server.clock.jump(MINUTE);
    expect((await maria.refusal('private.answer', { sid, accept: true })).reason).toBe('no-such-request');
    await isOver(sid, kevin, maria);
  });

  it('never follows from time after the request was accepted', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const sid = await talk(kevin, maria);
    for (let n = 0; n < 10; n++) {
      server.clock.advance(MINUTE);
      for (const client of [kevin, maria]) await client.request('session.ping', {});
    }
    await isOpen(sid, kevin, maria);
  });

  it('follows from a decline', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const sid = await ask(kevin, maria);
    expect(await maria.request('private.answer', { sid, accept: false })).toEqual({});
    expect(privateNotifications(kevin)).toEqual([
      { method: 'private.answered', params: { sid, accepted: false } },
      { method: 'private.ended', params: { sid, by: 'maria', reason: 'declined' } },
    ]);
    expect(privateNotifications(maria)).toHaveLength(1);
    expect((await maria.refusal('private.answer', { sid, accept: true })).reason).toBe('no-such-request');
    await isOver(sid, kevin, maria);
    await talk(kevin, maria);
  });

  it('forwards nothing with a decline', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const sid = await ask(kevin, maria);
    await maria.request('private.answer', { sid, accept: false, answer: fakePayload('where I am') });
    expect(JSON.stringify(kevin.lines)).not.toContain(fakePayload('where I am'));
  });

  it('follows from a cancel', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const sid = await ask(kevin, maria);
    expect(await kevin.request('private.cancel', { sid, reason: 'changed my mind' })).toEqual({});
    expect(await nextNotification(maria, 'private.ended')).toEqual({ sid, by: 'kevin', reason: 'cancelled' });
    expect(privateNotifications(kevin)).toEqual([]);
    expect((await maria.refusal('private.answer', { sid, accept: true })).reason).toBe('no-such-request');
    await talk(kevin, maria);
  });

  it('cannot be caused by a third user, nor by the wrong one of the two', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const eve = await server.person('eve');
    const sid = await ask(kevin, maria);
    for (const wrong of [eve, kevin]) {
      for (const accept of [true, false]) {
        expect((await wrong.refusal('private.answer', { sid, accept })).reason).toBe('no-such-request');
      }
    }
    for (const wrong of [eve, maria]) {
      expect((await wrong.refusal('private.cancel', { sid })).reason).toBe('no-such-request');
    }
    // No command of a session works before acceptance, for any user.
    for (const early of [eve, kevin, maria]) {
      expect((await early.refusal('private.end', { sid })).reason).toBe('no-such-session');
      await isOver(sid, early);
    }
    await maria.request('private.answer', { sid, accept: true });
    expect((await maria.refusal('private.answer', { sid, accept: true })).reason).toBe('no-such-request');
    expect((await kevin.refusal('private.cancel', { sid })).reason).toBe('no-such-request');
    expect((await eve.refusal('private.end', { sid })).reason).toBe('no-such-session');
    await isOver(sid, eve);
    await isOpen(sid, kevin, maria);
    expect(privateNotifications(eve)).toEqual([]);
    const taken = await eve.refusal('private.request', { sid, to: 'maria', offer: OFFER });
    expect(taken.reason).toBe('already-asking');
    await isOpen(sid, maria, kevin);
  });
});

describe('Forwarded signaling (F2)', () => {
  it('[ASIDE-11.3-2] [ASIDE-11.3-3] contains an address only after acceptance, and only with the consent of its owner', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const sid = await ask(kevin, maria);
    const secrets = [KEVIN_AT.address, `${KEVIN_AT.port}`, MARIA_AT.address, `${MARIA_AT.port}`];
    const nothingOf = (client: MemoryClient) => {
      const text = JSON.stringify(client.lines);
      return secrets.every((secret) => !text.includes(secret));
    };
    expect([kevin, maria].every(nothingOf)).toBe(true);
    await maria.request('private.answer', { sid, accept: true, answer: fakePayload('yes') });
    await kevin.request('private.signal', { sid, payload: fakePayload('one') });
    await kevin.request('private.signal', { sid, payload: fakePayload('two'), observed: false });
    expect([kevin, maria].every(nothingOf)).toBe(true);
    await kevin.request('private.signal', { sid, payload: fakePayload('three'), observed: true });
    await maria.request('private.signal', { sid, payload: fakePayload('four'), observed: true });
    expect(privateNotifications(maria).at(-1)?.params).toEqual({
      sid,
      payload: fakePayload('three'),
      observed: '203.0.113.7:50007',
    });
    expect(privateNotifications(kevin).at(-1)?.params).toEqual({
      sid,
      payload: fakePayload('four'),
      observed: '[2001:db8::77]:50077',
    });
  });

  it('contains no address after a decline, an expiry, a cancel or an end', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    await maria.request('private.answer', { sid: await ask(kevin, maria), accept: false });
    await kevin.request('private.cancel', { sid: await ask(kevin, maria) });
    await ask(maria, kevin);
    server.clock.advance(MINUTE + 250);
    await kevin.request('private.end', { sid: await talk(kevin, maria) });
    for (const client of [kevin, maria]) {
      expect(JSON.stringify(client.lines)).not.toMatch(/203\.0\.113\.7|2001:db8::77|50007|50077/);
    }
  });

  it('[ASIDE-11.4-7] stays out of the log and off the disk (F7)', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const sid = randomUUID();
    const secrets = [sid, 'between us', fakePayload('an offer'), fakePayload('an answer'), fakePayload('a payload')];
    await kevin.request('private.request', { sid, to: 'maria', offer: fakePayload('an offer'), note: 'between us' });
    await maria.request('private.answer', { sid, accept: true, answer: fakePayload('an answer') });
    await kevin.request('private.signal', { sid, payload: fakePayload('a payload'), observed: true });
    const { token } = await kevin.request('private.relay', { sid });
    await kevin.request('private.end', { sid });
    await server.settle();
    await server.stop();
    const files = readdirSync(server.folder.path, { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    );
    const kept = [
      JSON.stringify(server.log),
      ...files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1')),
    ];
    expect(kept.length).toBeGreaterThan(1);
    for (const secret of [...secrets, token]) expect(kept.some((text) => text.includes(secret))).toBe(false);
    expect(kept.some((text) => text.includes('kevin'))).toBe(true);
  });
});

describe('End of a private session (B6, E3, F6)', () => {
  it.each(['the initiator', 'the responder'])(
    'can be requested by %s at any time, and the other user is notified',
    async (who) => {
      const server = await startInMemory();
      const [kevin, maria] = await twoPeople(server);
      const sid = await talk(kevin, maria);
      const [one, other] = who === 'the initiator' ? [kevin, maria] : [maria, kevin];
      expect(await one.request('private.end', { sid })).toEqual({});
      expect(await nextNotification(other, 'private.ended')).toEqual({ sid, by: one.username, reason: 'ended' });
      expect(privateNotifications(one).filter(({ method }) => method === 'private.ended')).toEqual([]);
      expect((await other.refusal('private.end', { sid })).reason).toBe('no-such-session');
      await isOver(sid, kevin, maria);
    },
  );

  /** Every way in which a user leaves; each ends all requests and sessions of the user. */
  const leavings: [string, (server: InMemoryServer, kevin: MemoryClient) => Promise<void>][] = [
    ['signing out', async (_server, kevin) => kevin.signOut()],
    [
      'being signed out for inaction',
      async (server, kevin) => {
        // All users except kevin are active.
        for (let n = 0; n < 40; n++) {
          server.clock.advance(1_000);
          for (const other of server.clients) if (other !== kevin) other.notify('session.activity', {});
        }
        expect(kevin.ending?.reason).toBe('timed-out');
      },
    ],
    [
      'signing in elsewhere and taking over',
      async (server) => {
        await server.connect().signIn('kevin', PASSWORD, true);
      },
    ],
    [
      'taking over on the same device',
      async (server, kevin) => {
        await server.connect({ device: kevin.device }).signIn('kevin', PASSWORD, true);
      },
    ],
    [
      'deleting the account',
      async (_server, kevin) => {
        await kevin.request('account.delete', { password: PASSWORD });
      },
    ],
    [
      'dropping and not coming back',
      async (server, kevin) => {
        kevin.drop();
        server.clock.advance(10_250);
      },
    ],
    [
      'dropping and signing in with the password on the same device',
      async (server, kevin) => {
        kevin.drop();
        await server.signIn('kevin', { device: kevin.device });
      },
    ],
    [
      'dropping and signing in on another device',
      async (server, kevin) => {
        kevin.drop();
        await server.signIn('kevin');
      },
    ],
  ];

  it.each(leavings)(
    '[ASIDE-11.4-2] [ASIDE-11.4-3] follows from %s, for all sessions and requests at once',
    async (_how, leave) => {
      const server = await startInMemory({ config: { timeoutSeconds: 40 } });
      const [kevin, maria] = await twoPeople(server);
      const [asked, asking, bystander] = [
        await server.person('asked'),
        await server.person('asking'),
        await server.person('by'),
      ];
      const open = await talk(kevin, maria);
      const askedSid = await ask(kevin, asked);
      const askingSid = await ask(asking, kevin);
      const kept = await talk(maria, bystander);
      await leave(server, kevin);
      for (const [client, sid] of [
        [maria, open],
        [asked, askedSid],
        [asking, askingSid],
      ] as const) {
        expect(await nextNotification(client, 'private.ended')).toEqual({ sid, by: 'kevin', reason: 'peer-left' });
      }
      await isOver(open, maria);
      await isOpen(kept, maria, bystander);
      expect(privateNotifications(bystander).filter(({ method }) => method === 'private.ended')).toEqual([]);
    },
  );

  it.each([
    ['the initiator', 0],
    ['the responder', 1],
  ])('follows from a block by %s, and both are notified; that ends a request too', async (_who, index) => {
    const server = await startInMemory();
    const two = await twoPeople(server);
    for (const begin of [talk, ask]) {
      const sid = await begin(...two);
      const [by, other] = [two[index] as MemoryClient, two[1 - index] as MemoryClient];
      await by.request('blacklist.add', { username: other.username });
      for (const client of two) {
        expect(await nextNotification(client, 'private.ended')).toEqual({ sid, by: by.username, reason: 'blocked' });
      }
      await isOver(sid, ...two);
      await by.request('blacklist.remove', { username: other.username });
    }
  });

  it('does not follow from a block of a third user', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    await server.person('eve');
    const sid = await talk(kevin, maria);
    await kevin.request('blacklist.add', { username: 'eve' });
    await isOpen(sid, kevin, maria);
  });

  it('[ASIDE-11.4-6] does not follow from a stop of the server: direct connections continue', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    await talk(kevin, maria);
    await server.aside.stop();
    for (const client of [kevin, maria]) {
      expect(privateNotifications(client).filter(({ method }) => method === 'private.ended')).toEqual([]);
      expect(client.ending?.reason).toBe('server-stopping');
    }
  });
});

describe('Reconnect (C1, F6)', () => {
  it('keeps requests and sessions for 10 s, on the same device', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const other = await server.person('other');
    const open = await talk(kevin, maria);
    const asked = await ask(other, kevin);
    kevin.drop();
    server.clock.advance(9_000);
    expect(privateNotifications(maria).filter(({ method }) => method === 'private.ended')).toEqual([]);
    const again = await comeBack(server, kevin);
    await isOpen(open, maria, again);
    await isOpen(open, again, maria);
    expect(await again.request('private.answer', { sid: asked, accept: true })).toEqual({});
    expect((await nextNotification(other, 'private.answered')).accepted).toBe(true);
    server.clock.advance(20_000);
    await isOpen(open, maria, again);
  });

  it('keeps them if a new connection of the device replaces one that the server still takes for alive', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const sid = await talk(kevin, maria);
    const again = await comeBack(server, kevin);
    expect(kevin.ending?.reason).toBe('replaced');
    await isOpen(sid, maria, again);
  });

  it('[ASIDE-11.4-4] delivers missed events after the answer to the sign-in, in order', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const other = await server.person('other');
    const sid = await ask(kevin, maria);
    const declined = await ask(kevin, other);
    kevin.drop();
    await maria.request('private.answer', { sid, accept: true, answer: fakePayload('yes') });
    await maria.request('private.signal', { sid, payload: fakePayload('here') });
    await other.request('private.answer', { sid: declined, accept: false });
    const again = await comeBack(server, kevin);
    expect(privateNotifications(again)).toEqual([
      { method: 'private.answered', params: { sid, accepted: true, answer: fakePayload('yes') } },
      { method: 'private.signal', params: { sid, payload: fakePayload('here') } },
      { method: 'private.answered', params: { sid: declined, accepted: false } },
      { method: 'private.ended', params: { sid: declined, by: 'other', reason: 'declined' } },
    ]);
    const methods = again.lines.map(({ method }) => method ?? 'answer');
    expect(methods.indexOf('answer')).toBeLessThan(methods.indexOf('private.answered'));
    // Once is enough.
    again.drop();
    expect(privateNotifications(await comeBack(server, again))).toEqual([]);
  });

  it('[ASIDE-11.4-4] delivers up to 16 missed signals, then the end', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const sid = await talk(kevin, maria);
    kevin.drop();
    for (let n = 0; n < 40; n++) await maria.request('private.signal', { sid, payload: fakePayload(`signal ${n}`) });
    await maria.request('private.end', { sid });
    const missed = privateNotifications(await comeBack(server, kevin));
    expect(missed).toHaveLength(17);
    expect(missed[15]?.params).toEqual({ sid, payload: fakePayload('signal 15') });
    expect(missed[16]?.params).toEqual({ sid, by: 'maria', reason: 'ended' });
  });

  it('delivers nothing on another device, and nothing after the time', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const sid = await talk(kevin, maria);
    kevin.drop();
    await maria.request('private.signal', { sid, payload: fakePayload('here'), observed: true });
    const elsewhere = await server.signIn('kevin');
    expect(privateNotifications(elsewhere)).toEqual([]);
    await elsewhere.signOut();
    const back = await server.signIn('kevin', { device: kevin.device });
    const next = await talk(back, maria);
    back.drop();
    await maria.request('private.signal', { sid: next, payload: fakePayload('there') });
    server.clock.advance(11_000);
    expect(privateNotifications(await comeBack(server, back))).toEqual([]);
  });

  it('ends the sessions of one device if another signs in with its own token', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const laptop = kevin;
    // The phone was here before, and its connection dropped.
    const phone = server.connect();
    await phone.signIn('kevin', PASSWORD, true);
    phone.drop();
    const again = server.connect({ device: laptop.device });
    await again.resume(laptop.token);
    const sid = await talk(again, maria);
    again.drop();
    const onPhone = server.connect({ device: phone.device });
    await onPhone.resume(phone.token);
    expect(await nextNotification(maria, 'private.ended')).toEqual({ sid, by: 'kevin', reason: 'peer-left' });
    await isOver(sid, maria, onPhone);
  });

  it('does not change the deadline of a request', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const sid = await ask(kevin, maria);
    server.clock.advance(55_000);
    maria.drop();
    server.clock.advance(5_250);
    expect(await nextNotification(kevin, 'private.ended')).toEqual({ sid, reason: 'expired' });
    expect(privateNotifications(await comeBack(server, maria))).toEqual([
      { method: 'private.ended', params: { sid, reason: 'expired' } },
    ]);
  });
});

describe('Inactivity limit during private sessions (B5)', () => {
  it('[ASIDE-11.3-6] is reset by requests, answers and ends, but not by automatic signaling', async () => {
    const server = await startInMemory({ config: { timeoutSeconds: 60 } });
    const [kevin, maria] = await twoPeople(server);
    server.clock.advance(50_000);
    const sid = await ask(kevin, maria);
    await maria.request('private.answer', { sid, accept: true });
    for (let n = 0; n < 9; n++) {
      server.clock.advance(6_000);
      await kevin.request('private.signal', { sid, payload: OFFER });
      await kevin.request('private.relay', { sid });
      maria.notify('session.activity', {});
    }
    expect([kevin.ending, maria.ending]).toEqual([undefined, undefined]);
    server.clock.advance(6_250);
    expect(kevin.ending?.reason).toBe('timed-out');
    expect(await nextNotification(maria, 'private.ended')).toEqual({ sid, by: 'kevin', reason: 'peer-left' });
  });
});

describe('Tunnel tokens (F4)', () => {
  it('are given to the two users of an open session', async () => {
    const server = await startInMemory();
    const [kevin, maria] = await twoPeople(server);
    const sid = await talk(kevin, maria);
    const admissions = [await kevin.request('private.relay', { sid }), await maria.request('private.relay', { sid })];
    for (const { token, expiresAt } of admissions) {
      expect(token).toMatch(/^[\w-]{43}$/);
      expect(expiresAt).toBe(server.clock.now() + MINUTE);
    }
    expect(new Set(admissions.map(({ token }) => token)).size).toBe(2);
  });

  it('are limited to four at a time for one user', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const sids: string[] = [];
    for (let n = 0; n < 5; n++) sids.push(await talk(kevin, await server.person(`other${n}`)));
    for (const sid of sids.slice(0, 4)) await kevin.request('private.relay', { sid });
    const [first = '', , , , fifth = ''] = sids;
    expect((await kevin.refusal('private.relay', { sid: fifth })).reason).toBe('relay-busy');
    await kevin.request('private.end', { sid: first });
    await kevin.request('private.relay', { sid: fifth });
  });

  it('are not given without TLS, which the tunnel needs for its protocol name', async () => {
    const server = await startInMemory({ config: { plaintext: true } });
    const [kevin, maria] = await twoPeople(server);
    const sid = await talk(kevin, maria);
    expect((await kevin.refusal('private.relay', { sid })).reason).toBe('relay-busy');
  });
});
