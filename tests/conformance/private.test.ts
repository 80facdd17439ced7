import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { privateNotifications, fakePayload, nextNotification } from '../support/private-notifications.ts';
import { PASSWORD, Refused, type WireClient } from '../support/wire-client.ts';
import { connectAgain, newName, useServer } from './setup.ts';

const stage = useServer();
const OFFER = fakePayload('an offer');

async function ask(from: WireClient, to: WireClient, sid: string = randomUUID()): Promise<string> {
  await from.request('private.request', { sid, to: to.username, offer: OFFER });
  await nextNotification(to, 'private.requested');
  return sid;
}

async function talk(from: WireClient, to: WireClient): Promise<string> {
  const sid = await ask(from, to);
  await to.request('private.answer', { sid, accept: true, answer: fakePayload('yes') });
  await nextNotification(from, 'private.answered');
  return sid;
}

async function reasonOf(from: WireClient, to: string, sid: string = randomUUID()): Promise<string> {
  return (await from.refusal('private.request', { sid, to, offer: OFFER })).reason;
}

describe('Private request', () => {
  it('F1 [ASIDE-11.1-1] reaches the responder', async () => {
    const [kevin, maria] = [await stage.person(), await stage.person()];
    const sid = randomUUID();
    const params = { sid, to: maria.username.toUpperCase(), offer: OFFER, note: 'über Größe? 🙂' };
    const before = Date.now();
    const { expiresAt } = await kevin.request('private.request', params);
    const after = Date.now();
    expect(await nextNotification(maria, 'private.requested')).toStrictEqual({
      sid,
      from: kevin.username,
      offer: OFFER,
      note: 'über Größe? 🙂',
      expiresAt,
    });
    expect(expiresAt).toBeGreaterThanOrEqual(before + 60_000);
    expect(expiresAt).toBeLessThanOrEqual(after + 60_000);
  });

  it('F1 [ASIDE-11.1-2] is validated by type and size', async () => {
    const [kevin, maria] = [await stage.person(), await stage.person()];
    const largest = Buffer.alloc(8_192, 7).toString('base64');
    const fitting = { sid: randomUUID(), to: maria.username, offer: largest, note: '🙂'.repeat(280) };
    // Seven strikes; the eighth would end the connection.
    for (const unfit of [
      { sid: 'seven' },
      { offer: Buffer.alloc(8_193, 7).toString('base64') },
      { offer: 'AAA' },
      { offer: 'AA-_' },
      { note: '🙂'.repeat(281) },
      { note: 'bell \u0007' },
      { offer: undefined },
    ]) {
      const params = { ...fitting, ...unfit };
      expect((await kevin.refusal('private.request', params)).reason, JSON.stringify(unfit)).toBe('invalid-params');
    }
    await kevin.request('private.request', fitting);
    expect(await nextNotification(maria, 'private.requested')).toMatchObject({ offer: largest, note: fitting.note });
  });

  it('F1 [ASIDE-11.1-3] is refused for an unknown user, the own user and an offline user', async () => {
    const kevin = await stage.person();
    const gone = await stage.person();
    await gone.drop();
    expect(await reasonOf(kevin, newName('nobody'))).toBe('no-such-user');
    expect(await reasonOf(kevin, kevin.username)).toBe('self');
    expect(await reasonOf(kevin, await stage.absent())).toBe('offline');
    await expect.poll(() => reasonOf(kevin, gone.username)).toBe('offline');
  });

  it('E2 [ASIDE-11.1-3] is refused if either user has blocked the other', async () => {
    const [kevin, maria] = [await stage.person(), await stage.person()];
    await maria.request('blacklist.add', { username: kevin.username });
    expect(await reasonOf(kevin, maria.username)).toBe('blocked');
    expect(await reasonOf(maria, kevin.username)).toBe('blocked');
    for (const client of [kevin, maria]) {
      await client.caughtUp();
      expect(privateNotifications(client)).toEqual([]);
    }
  });

  it('F1 [ASIDE-11.1-4] [ASIDE-11.1-5] is the only one between two users: crossing requests become one session', async () => {
    const [kevin, maria, eve] = [await stage.person(), await stage.person(), await stage.person()];
    const sid = await ask(kevin, maria);
    expect(await reasonOf(kevin, maria.username)).toBe('already-asking');
    expect(await reasonOf(maria, kevin.username)).toBe('already-asking');
    expect(await reasonOf(eve, maria.username, sid)).toBe('already-asking');
    await maria.request('private.answer', { sid, accept: true, answer: fakePayload('yes') });
    expect((await nextNotification(kevin, 'private.answered')).sid).toBe(sid);
    expect(await reasonOf(kevin, maria.username)).toBe('already-open');
    expect(await reasonOf(maria, kevin.username)).toBe('already-open');
    await maria.caughtUp();
    expect(privateNotifications(maria)).toHaveLength(1);
  });

  it('I3 [ASIDE-11.1-6] is refused above the limits of number and rate', async () => {
    const [kevin, maria] = [await stage.person(), await stage.person()];
    let refusal: Refused | undefined;
    let asked = 0;
    // One comes back every two seconds: on a slow machine it takes a few more.
    for (; asked < 60 && refusal === undefined; asked++) {
      const sid = randomUUID();
      try {
        await kevin.request('private.request', { sid, to: maria.username, offer: OFFER });
        await kevin.request('private.cancel', { sid });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        refusal = error;
      }
    }
    expect(asked).toBeGreaterThan(20);
    expect(refusal?.reason).toBe('slow-down');
    expect(refusal?.retryAfterMs).toBeGreaterThan(0);
    expect(refusal?.retryAfterMs).toBeLessThanOrEqual(2_000);
    // Other users are not affected.
    await ask(maria, kevin);
  });
});

describe('Answer to a private request', () => {
  it('F1 [ASIDE-11.2-1] starts a session if it accepts', async () => {
    const [kevin, maria] = [await stage.person(), await stage.person()];
    const sid = await ask(kevin, maria);
    expect(await maria.request('private.answer', { sid, accept: true, answer: fakePayload('yes') })).toEqual({});
    expect(await nextNotification(kevin, 'private.answered')).toStrictEqual({
      sid,
      accepted: true,
      answer: fakePayload('yes'),
    });
    expect(await kevin.request('private.signal', { sid, payload: OFFER })).toEqual({});
  });

  it('F1 [ASIDE-11.2-2] ends the request if it declines', async () => {
    const [kevin, maria] = [await stage.person(), await stage.person()];
    const sid = await ask(kevin, maria);
    expect(await maria.request('private.answer', { sid, accept: false, answer: fakePayload('no') })).toEqual({});
    expect(await nextNotification(kevin, 'private.answered')).toStrictEqual({ sid, accepted: false });
    expect(await nextNotification(kevin, 'private.ended')).toStrictEqual({
      sid,
      by: maria.username,
      reason: 'declined',
    });
    expect((await kevin.refusal('private.signal', { sid, payload: OFFER })).reason).toBe('no-such-session');
  });

  it('F1 [ASIDE-11.2-4] is refused after the initiator has cancelled', async () => {
    const [kevin, maria] = [await stage.person(), await stage.person()];
    const sid = await ask(kevin, maria);
    expect(await kevin.request('private.cancel', { sid, reason: 'nothing' })).toEqual({});
    expect(await nextNotification(maria, 'private.ended')).toStrictEqual({
      sid,
      by: kevin.username,
      reason: 'cancelled',
    });
    expect((await maria.refusal('private.answer', { sid, accept: true })).reason).toBe('no-such-request');
    await ask(maria, kevin);
  });

  it('F1 [ASIDE-11.2-5] comes only from the responder, and a cancel only from the initiator', async () => {
    const [kevin, maria, eve] = [await stage.person(), await stage.person(), await stage.person()];
    const sid = await ask(kevin, maria);
    for (const client of [kevin, eve]) {
      expect((await client.refusal('private.answer', { sid, accept: true })).reason).toBe('no-such-request');
    }
    for (const client of [maria, eve]) {
      expect((await client.refusal('private.cancel', { sid })).reason).toBe('no-such-request');
    }
    await maria.request('private.answer', { sid, accept: true });
    expect((await maria.refusal('private.answer', { sid, accept: false })).reason).toBe('no-such-request');
    expect((await kevin.refusal('private.cancel', { sid })).reason).toBe('no-such-request');
  });
});

describe('Private session', () => {
  it('F2 [ASIDE-11.3-1] [ASIDE-11.3-2] [ASIDE-11.3-3] forwards signals, and addresses only after acceptance and only with consent', async () => {
    const kevin = await stage.person('kevin', { localAddress: '127.3.3.3' });
    const maria = await stage.person('maria', { localAddress: '127.4.4.4' });
    const ports = [kevin, maria].map(({ socket }) => String(socket.localPort));
    const sid = await talk(kevin, maria);
    await kevin.request('private.signal', { sid, payload: fakePayload('one') });
    await kevin.request('private.signal', { sid, payload: fakePayload('two'), observed: false });
    await maria.request('private.signal', { sid, payload: fakePayload('three') });
    expect(await nextNotification(maria, 'private.signal')).toStrictEqual({ sid, payload: fakePayload('one') });
    expect(await nextNotification(maria, 'private.signal')).toStrictEqual({ sid, payload: fakePayload('two') });
    expect(await nextNotification(kevin, 'private.signal')).toStrictEqual({ sid, payload: fakePayload('three') });
    for (const client of [kevin, maria]) {
      const everything = JSON.stringify(client.lines);
      for (const secret of ['127.3.3.3', '127.4.4.4', ...ports.map((port) => `:${port}`)]) {
        expect(everything).not.toContain(secret);
      }
    }
    await kevin.request('private.signal', { sid, payload: fakePayload('four'), observed: true });
    expect(await nextNotification(maria, 'private.signal')).toStrictEqual({
      sid,
      payload: fakePayload('four'),
      observed: `127.3.3.3:${ports[0]}`,
    });
  });

  it('F6 [ASIDE-11.3-4] [ASIDE-11.4-1] ends at the request of either user', async () => {
    const [kevin, maria] = [await stage.person(), await stage.person()];
    for (const [one, other] of [
      [kevin, maria],
      [maria, kevin],
    ] as const) {
      const sid = await talk(kevin, maria);
      expect(await one.request('private.end', { sid, reason: 'enough' })).toEqual({});
      expect(await nextNotification(other, 'private.ended')).toStrictEqual({ sid, by: one.username, reason: 'ended' });
    }
  });

  it('F2 [ASIDE-11.3-5] belongs to two users, and only while it lasts', async () => {
    const [kevin, maria, eve] = [await stage.person(), await stage.person(), await stage.person()];
    const nothingFor = async (sid: string, ...clients: WireClient[]): Promise<void> => {
      for (const client of clients) {
        for (const [method, params] of [
          ['private.signal', { sid, payload: OFFER }],
          ['private.relay', { sid }],
          ['private.end', { sid }],
        ] as const) {
          expect((await client.refusal(method, params)).reason, method).toBe('no-such-session');
        }
      }
    };
    const sid = await ask(kevin, maria);
    await nothingFor(sid, kevin, maria, eve);
    await maria.request('private.answer', { sid, accept: true });
    await nothingFor(sid, eve);
    await kevin.request('private.end', { sid });
    await nothingFor(sid, kevin, maria, eve);
  });

  it('B6 [ASIDE-11.4-2] ends when a user signs out, together with all requests of that user', async () => {
    const maria = await stage.person();
    const leavings: ((client: WireClient) => Promise<unknown>)[] = [
      (client) => client.signOut(),
      async (client) => (await stage.connect()).signIn(client.username, { takeOver: true }),
      (client) => client.request('account.delete', { password: PASSWORD }),
    ];
    for (const leave of leavings) {
      const [kevin, asked, asking] = [await stage.person(), await stage.person(), await stage.person()];
      const sids = [await talk(kevin, maria), await ask(kevin, asked), await ask(asking, kevin)];
      await leave(kevin);
      for (const [index, client] of [maria, asked, asking].entries()) {
        const ended = { sid: sids[index], by: kevin.username, reason: 'peer-left' };
        expect(await nextNotification(client, 'private.ended')).toStrictEqual(ended);
      }
    }
  });

  it('C1 [ASIDE-11.4-3] [ASIDE-11.4-4] survives a reconnect, after which missed events arrive', async () => {
    const [kevin, maria] = [await stage.person(), await stage.person()];
    const sid = await talk(kevin, maria);
    await kevin.drop();
    await expect.poll(() => reasonOf(maria, kevin.username)).toBe('offline');
    await maria.request('private.signal', { sid, payload: fakePayload('where are you') });
    const again = await connectAgain(stage.server, kevin);
    await again.resume(kevin.token);
    expect(await nextNotification(again, 'private.signal')).toStrictEqual({
      sid,
      payload: fakePayload('where are you'),
    });
    await again.request('private.signal', { sid, payload: fakePayload('here') });
    expect(await nextNotification(maria, 'private.signal')).toStrictEqual({ sid, payload: fakePayload('here') });
    await again.drop();
    const elsewhere = await stage.connect();
    await expect.poll(async () => elsewhere.signIn(kevin.username).catch(() => undefined)).toBeDefined();
    expect(await nextNotification(maria, 'private.ended')).toStrictEqual({
      sid,
      by: kevin.username,
      reason: 'peer-left',
    });
  });

  it('C1 [ASIDE-11.4-3] ends 10 s after a lost connection without a reconnect', async () => {
    const [kevin, maria] = [await stage.person(), await stage.person()];
    const sid = await talk(kevin, maria);
    const start = Date.now();
    await kevin.drop();
    const line = await maria.next(({ method }) => method === 'private.ended', 'private.ended', 30_000);
    expect(line.params).toStrictEqual({ sid, by: kevin.username, reason: 'peer-left' });
    expect(Date.now() - start).toBeGreaterThan(9_500);
    expect(Date.now() - start).toBeLessThan(20_000);
  });

  it('E3 [ASIDE-11.4-5] ends with a block, announced to both users', async () => {
    const [kevin, maria] = [await stage.person(), await stage.person()];
    for (const begin of [ask, talk]) {
      const sid = await begin(kevin, maria);
      await maria.request('blacklist.add', { username: kevin.username });
      for (const client of [kevin, maria]) {
        expect(await nextNotification(client, 'private.ended')).toStrictEqual({
          sid,
          by: maria.username,
          reason: 'blocked',
        });
      }
      await maria.request('blacklist.remove', { username: kevin.username });
    }
  });
});
