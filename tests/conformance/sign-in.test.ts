import { describe, expect, it } from 'vitest';
import { newDevice, PASSWORD, Refused } from '../support/wire-client.ts';
import { connectAgain, newName, useServer } from './setup.ts';

const stage = useServer();

describe('Registration', () => {
  it('B1 [ASIDE-5.1-1] [ASIDE-5.2-1] [ASIDE-5.5-1] creates an account and signs it in', async () => {
    const watcher = await stage.person();
    const client = await stage.connect();
    const username = newName('Kévin');
    const before = Date.now();
    const result = await client.register(username);
    expect(result).toEqual({
      username,
      token: expect.stringMatching(/^\S{30,256}$/),
      tokenExpiresAt: expect.any(Number),
      waiting: 0,
      online: expect.any(Array),
    });
    expect(result.tokenExpiresAt).toBeGreaterThan(before + 6.9 * 86_400_000);
    expect(result.tokenExpiresAt).toBeLessThan(Date.now() + 7.1 * 86_400_000);
    const names = result.online.map((other) => other.username);
    expect(names).toContain(watcher.username);
    expect(names).not.toContain(username);
    for (const { since } of result.online) expect(Number.isSafeInteger(since)).toBe(true);
    await watcher.nextNotification('presence.changed', (change) => change.username === username && change.online);
  });

  it('B1 [ASIDE-5.1-2] [ASIDE-3.6-4] refuses names that are taken, also in other cases, forms and look-alikes', async () => {
    const client = await stage.connect();
    const suffix = newName('').slice(1);
    await (await stage.connect()).register(`paypal-é-${suffix}`);
    for (const username of [
      `paypal-é-${suffix}`,
      `PayPal-É-${suffix}`,
      `paypal-e\u0301-${suffix}`,
      `ｐａｙｐａｌ-é-${suffix}`,
      `pаypal-é-${suffix}`,
    ]) {
      const refusal = await client.refusal('account.register', { username, password: PASSWORD, device: client.device });
      expect(refusal.reason, JSON.stringify(username)).toBe('username-taken');
    }
  });

  it('B1 [ASIDE-5.1-2] gives a name to one of many parallel requests', async () => {
    const username = newName();
    const clients = await Promise.all(Array.from({ length: 12 }, () => stage.connect()));
    const results = await Promise.allSettled(clients.map((client) => client.register(username)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ reason: 'username-taken' });
    }
  });

  it('B1 [ASIDE-5.1-3] refuses invalid names', async () => {
    const client = await stage.connect();
    for (const username of [
      ...['', ' ', 'a b', ' a', 'a ', 'a\tb', 'a\nb', 'a\u0000', 'a\u007f', 'a\u0085', 'a\u00a0b', 'a\u2003b'],
      ...['a\u200bb', 'a\u202eb', '\ufeffa', 'x'.repeat(33), '𠀀'.repeat(33), 'x'.repeat(1_024)],
    ]) {
      const refusal = await client.refusal('account.register', { username, password: PASSWORD, device: client.device });
      expect(refusal.reason, JSON.stringify(username)).toBe('username-invalid');
    }
  });

  it.each(['x', '𠀀', 'é', 'Ж', '名'])(
    'B1 [ASIDE-5.1-3] [ASIDE-1-1] accepts names of 1 to 32 characters, as typed (%s)',
    async (x) => {
      const rest = newName('').slice(1);
      for (const username of [`${x.repeat(32 - rest.length)}${rest}`, x]) {
        const client = await stage.connect();
        expect((await client.register(username)).username).toBe(username);
      }
    },
  );

  it('B1 [ASIDE-5.1-4] refuses passwords that are too short or too long', async () => {
    const client = await stage.connect();
    for (const password of ['', '1234567', '😀'.repeat(7), 'x'.repeat(1_025)]) {
      const refusal = await client.refusal('account.register', {
        username: newName(),
        password,
        device: client.device,
      });
      expect(refusal.reason).toBe('password-weak');
    }
    for (const password of ['12345678', '😀'.repeat(8), 'x'.repeat(1_024)]) {
      const other = await stage.connect();
      const username = newName();
      await other.register(username, password);
      await other.signOut();
      await (await stage.connect()).signIn(username, { password });
    }
  });
});

describe('Sign-in', () => {
  it('B1 [ASIDE-5.2-1] [ASIDE-3.6-4] accepts the name in any case, and shows the registered form', async () => {
    const client = await stage.connect();
    const username = newName('KeVin');
    await client.register(username);
    await client.signOut();
    const again = await stage.connect();
    expect((await again.signIn(username.toLowerCase())).username).toBe(username);
    await again.signOut();
    const shouting = await stage.connect();
    expect((await shouting.signIn(username.toUpperCase())).username).toBe(username);
  });

  it('[ASIDE-5.2-2] [ASIDE-5.3-1] [ASIDE-5.3-5] counts the attempts down at wrong passwords, and restores them at a right one', async () => {
    const username = await stage.absent();
    const client = await stage.connect();
    const wrong = { username, password: 'wrong password', device: client.device };
    expect(await client.refusal('session.signIn', wrong)).toMatchObject({
      reason: 'wrong-credentials',
      attemptsLeft: 2,
    });
    expect(await client.refusal('session.signIn', wrong)).toMatchObject({
      reason: 'wrong-credentials',
      attemptsLeft: 1,
    });
    await client.signIn(username);
    await client.signOut();
    const again = await stage.connect();
    expect(await again.refusal('session.signIn', wrong)).toMatchObject({ attemptsLeft: 2 });
  });

  it('[ASIDE-5.2-3] [ASIDE-3.6-3] answers an unknown username like a wrong password', async () => {
    const username = await stage.absent();
    const client = await stage.connect();
    const wrong = { password: 'wrong password', device: client.device };
    const known = await client.refusal('session.signIn', { ...wrong, username });
    for (const nobody of [newName('nobody'), '', 'a b', '\u0000', 'x'.repeat(1_000)]) {
      const unknown = await (await stage.connect()).refusal('session.signIn', { ...wrong, username: nobody });
      expect(comparable(unknown), JSON.stringify(nobody)).toEqual(comparable(known));
    }
  });
});

describe('Refusal because of an existing session', () => {
  it('B3 [ASIDE-5.4-1] [ASIDE-5.4-3] comes only with the right password', async () => {
    const kevin = await stage.person();
    const elsewhere = await stage.connect();
    const attempt = { username: kevin.username, password: PASSWORD, device: elsewhere.device };
    expect((await elsewhere.refusal('session.signIn', attempt)).reason).toBe('already-online');
    for (const takeOver of [{}, { takeOver: true }, { takeOver: false }]) {
      const wrong = { ...attempt, password: 'wrong password', ...takeOver };
      expect((await elsewhere.refusal('session.signIn', wrong)).reason).toBe('wrong-credentials');
      expect((await elsewhere.refusal('session.signIn', attempt)).reason).toBe('already-online');
    }
    await kevin.caughtUp();
    expect(kevin.received('session.ended')).toEqual([]);
  });

  it('B3 [ASIDE-5.4-2] [ASIDE-6.1-2] [ASIDE-6.1-5] allows a take-over: the older session gets the reason and is closed', async () => {
    const watcher = await stage.person();
    const kevin = await stage.person();
    await watcher.nextNotification('presence.changed', ({ username }) => username === kevin.username);
    const elsewhere = await stage.connect();
    const result = await elsewhere.signIn(kevin.username, { takeOver: true });
    expect(result.online.map(({ username }) => username)).not.toContain(kevin.username);
    expect(await kevin.nextNotification('session.ended')).toEqual({ reason: 'replaced' });
    await kevin.closed;
    const left = await watcher.nextNotification('presence.changed', ({ username }) => username === kevin.username);
    expect(left).toMatchObject({ online: false, reason: 'replaced' });
    const came = await watcher.nextNotification('presence.changed', ({ username }) => username === kevin.username);
    expect(came).toMatchObject({ online: true });
    expect(came).not.toHaveProperty('reason');
    await elsewhere.caughtUp();
    expect(elsewhere.received('presence.changed').map(({ username }) => username)).not.toContain(kevin.username);
  });

  it('B3 [ASIDE-5.4-4] does not come if the other connection is lost', async () => {
    const kevin = await stage.person();
    await kevin.drop();
    const elsewhere = await stage.connect();
    // The server may hear of the end a moment later than this side.
    for (let attempt = 0; ; attempt++) {
      try {
        await elsewhere.signIn(kevin.username);
        break;
      } catch (error) {
        if (!(error instanceof Refused) || error.reason !== 'already-online' || attempt > 100) throw error;
      }
    }
  });

  it('B3 [ASIDE-5.4-5] does not come on the same device, which replaces its own connection without an announcement', async () => {
    const watcher = await stage.person();
    const kevin = await stage.person();
    await watcher.nextNotification('presence.changed', ({ username }) => username === kevin.username);
    const again = await connectAgain(stage.server, kevin);
    await again.resume(kevin.token);
    expect(await kevin.nextNotification('session.ended')).toEqual({ reason: 'replaced' });
    await kevin.closed;
    await again.request('message.broadcast', { id: crypto.randomUUID(), text: 'here' });
    await watcher.nextNotification('broadcast.new', ({ from }) => from === kevin.username);
    expect(watcher.received('presence.changed').filter(({ username }) => username === kevin.username)).toHaveLength(1);
    await again.drop();
  });

  it('B3 [ASIDE-5.4-6] comes also for a token, if another device has the session', async () => {
    const kevin = await stage.person();
    const elsewhere = await stage.connect({ device: newDevice('other') });
    await elsewhere.signIn(kevin.username, { takeOver: true });
    await kevin.closed;
    const again = await connectAgain(stage.server, kevin);
    const refusal = await again.refusal('session.resume', { token: kevin.token, device: kevin.device });
    expect(refusal.reason).toBe('already-online');
    await elsewhere.caughtUp();
    expect(elsewhere.received('session.ended')).toEqual([]);
    await elsewhere.signOut();
    await again.resume(kevin.token);
    await again.drop();
  });
});

describe('Sign-out', () => {
  it('B6 [ASIDE-5.6-1] [ASIDE-6.1-2] is immediate, answered and announced, and ends the connection', async () => {
    const watcher = await stage.person();
    const kevin = await stage.person();
    await watcher.nextNotification('presence.changed', ({ username }) => username === kevin.username);
    expect(await kevin.request('session.signOut', {})).toEqual({});
    await kevin.closed;
    const left = await watcher.nextNotification(
      'presence.changed',
      ({ username }) => username === kevin.username,
      8_000,
    );
    expect(left).toEqual({ username: kevin.username, online: false, at: expect.any(Number), reason: 'signed-out' });
  });

  it('B6 [ASIDE-5.5-9] revokes the token', async () => {
    const kevin = await stage.person();
    await kevin.signOut();
    const again = await connectAgain(stage.server, kevin);
    const refusal = await again.refusal('session.resume', { token: kevin.token, device: kevin.device });
    expect(refusal.reason).toBe('token-invalid');
    await again.drop();
  });
});

describe('Account', () => {
  it('B7 [ASIDE-5.7-1] changes its password; other devices need the new one', async () => {
    const laptop = await stage.person();
    const phone = await stage.connect();
    await phone.signIn(laptop.username, { takeOver: true });
    await laptop.closed;
    const changed = await phone.request('account.changePassword', {
      password: PASSWORD,
      newPassword: 'another password',
    });
    expect(changed).toEqual({});
    await phone.drop();
    const again = await connectAgain(stage.server, phone);
    await again.resume(phone.token);
    await again.signOut();
    const old = await connectAgain(stage.server, laptop);
    const token = await old.refusal('session.resume', { token: laptop.token, device: laptop.device });
    expect(token.reason).toBe('token-invalid');
    const params = { username: laptop.username, password: PASSWORD, device: laptop.device };
    expect((await old.refusal('session.signIn', params)).reason).toBe('wrong-credentials');
    await old.signIn(laptop.username, { password: 'another password' });
    await old.drop();
  });

  it('B7 [ASIDE-5.7-2] keeps its password if the current one is wrong or the new one is invalid', async () => {
    const kevin = await stage.person();
    const wrong = await kevin.refusal('account.changePassword', { password: 'not mine!', newPassword: PASSWORD });
    expect(wrong).toMatchObject({ reason: 'wrong-credentials', attemptsLeft: 2 });
    const weak = await kevin.refusal('account.changePassword', { password: PASSWORD, newPassword: '1234567' });
    expect(weak.reason).toBe('password-weak');
    expect((await kevin.refusal('account.delete', { password: 'not mine!' })).reason).toBe('wrong-credentials');
    await kevin.signOut();
    await (await stage.connect()).signIn(kevin.username);
  });

  it('B7 [ASIDE-5.7-3] [ASIDE-5.7-4] is deleted with all its data on the server', async () => {
    const friend = await stage.person();
    const kevin = await stage.person();
    await friend.nextNotification('presence.changed', ({ username }) => username === kevin.username);
    await kevin.request('blacklist.add', { username: friend.username });
    await kevin.request('blacklist.remove', { username: friend.username });
    await friend.request('blacklist.add', { username: kevin.username });
    expect(await kevin.request('account.delete', { password: PASSWORD })).toEqual({});
    await kevin.closed;
    const left = await friend.nextNotification(
      'presence.changed',
      ({ username, online }) => username === kevin.username && !online,
    );
    expect(left.reason).toBe('signed-out');
    const message = { id: crypto.randomUUID(), to: kevin.username, text: 'still there?' };
    expect((await friend.refusal('message.send', message)).reason).toBe('no-such-user');
    expect((await friend.request('blacklist.list', {})).users).not.toContain(kevin.username);
    expect((await friend.request('people.search', { prefix: kevin.username })).users).toEqual([]);
    const { users } = await friend.request('presence.history', { seconds: 3_600 });
    expect(users.map(({ username }) => username)).not.toContain(kevin.username);
    const ghost = await connectAgain(stage.server, kevin);
    expect((await ghost.refusal('session.resume', { token: kevin.token, device: kevin.device })).reason).toBe(
      'token-invalid',
    );
    const signIn = { username: kevin.username, password: PASSWORD, device: kevin.device };
    expect((await ghost.refusal('session.signIn', signIn)).reason).toBe('wrong-credentials');
    const heir = await stage.connect();
    expect(await heir.register(kevin.username)).toMatchObject({ waiting: 0 });
    expect((await friend.send(heir.username, 'welcome')).status).toBe('stored');
    await ghost.drop();
  });
});

describe('Restricted registration', () => {
  const closed = useServer({ args: ['--registration', 'closed'], plaintext: true });
  const invited = useServer({ args: ['--registration', 'invite'], plaintext: true });

  it('A3 [ASIDE-5.1-5] [ASIDE-4-3] is refused if the server is closed', async () => {
    const client = await closed.connect();
    expect(client.hello.policy.registration).toBe('closed');
    const params = { username: newName(), password: PASSWORD, device: client.device };
    expect((await client.refusal('account.register', params)).reason).toBe('registration-closed');
  });

  it('A3 [ASIDE-5.1-6] needs an invitation if the policy requires one', async () => {
    const client = await invited.connect();
    expect(client.hello.policy.registration).toBe('invite');
    const params = { username: newName(), password: PASSWORD, device: client.device };
    for (const invite of [undefined, '', 'wrong', 'x'.repeat(128)]) {
      const refusal = await client.refusal('account.register', {
        ...params,
        ...(invite === undefined ? {} : { invite }),
      });
      expect(refusal.reason).toBe('invite-invalid');
    }
  });
});

/** All of a refusal but the method it names. */
function comparable({ reason, attemptsLeft, retryAfterMs, code, sentence }: Refused): object {
  return { reason, attemptsLeft, retryAfterMs, code, sentence };
}
