import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { machine, refusalOf, startInMemory } from '../support/server-in-memory.ts';
import { PASSWORD } from '../support/wire-client.ts';

const WRONG = 'not the password';

describe('Registration (B1, ASIDE-5.1)', () => {
  it('creates an account, signs it in, and shows the name as typed', async () => {
    const server = await startInMemory();
    const kevin = server.connect();
    const result = await kevin.register('Kévin');
    expect(result).toMatchObject({ username: 'Kévin', waiting: 0, online: [] });
    expect(result.tokenExpiresAt).toBe(server.clock.now() + 7 * 86_400_000);
    expect(kevin.connection.hasSignedIn).toBe(true);
    expect(server.aside.stats()).toMatchObject({ accounts: 1, sessions: 1, online: 1 });
  });

  it.each([
    ['kevin', 'username-taken'],
    ['KEVIN', 'username-taken'],
    ['ｋｅｖｉｎ', 'username-taken'],
    ['k\u0435vin', 'username-taken'],
    ['ke vin', 'username-invalid'],
    ['', 'username-invalid'],
    ['x'.repeat(33), 'username-invalid'],
    ['kevin\u{1f600}', 'username-invalid'],
  ])('refuses the name %j with %s', async (username, reason) => {
    const server = await startInMemory();
    await server.absent('Kevin');
    const refusal = await server
      .connect()
      .refusal('account.register', { username, password: PASSWORD, device: machine() });
    expect(refusal.reason).toBe(reason);
    expect(server.aside.stats().accounts).toBe(1);
  });

  it('treats user1 and userl, rn and m, as different users', async () => {
    const server = await startInMemory();
    await server.absent('user1', 'userl', 'burn', 'bum');
    expect(server.aside.stats().accounts).toBe(4);
  });

  it('refuses passwords that are too short or too long before any other work', async () => {
    const server = await startInMemory();
    const stranger = server.connect();
    for (const password of ['', 'x'.repeat(7), 'x'.repeat(1_025)]) {
      const refusal = await stranger.refusal('account.register', { username: 'kevin', password, device: machine() });
      expect(refusal.reason).toBe('password-weak');
    }
    await stranger.register('kevin', 'x'.repeat(8));
  });

  it('succeeds for exactly one of many simultaneous requests with look-alike names', async () => {
    const server = await startInMemory();
    const names = ['kevin', 'Kevin', 'KEVIN', 'k\u0435vin', 'kev\u0456n', 'ｋevin'];
    const outcomes = await Promise.all(
      names.map((name) =>
        server
          .connect()
          .register(name)
          .then(
            () => 'done',
            (error: Error) => error.message,
          ),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome.includes('username-taken'))).toHaveLength(names.length - 1);
  });

  it('allows 60 an hour from one address, but counts neither loopback nor refused names (I3)', async () => {
    const server = await startInMemory();
    const from = (address: string, username: string) => server.connect({ address }).register(username);
    for (let i = 0; i < 61; i++) await from('127.0.0.1', `local${i}`);
    for (let i = 0; i < 61; i++) expect((await refusalOf(from('192.0.2.1', 'local1'))).reason).toBe('username-taken');
    for (let i = 0; i < 60; i++) await from('192.0.2.1', `far${i}`);
    const refusal = await refusalOf(from('192.0.2.1', 'far60'));
    expect(refusal).toMatchObject({ reason: 'slow-down', retryAfterMs: 60_000 });
    await from('192.0.2.2', 'elsewhere');
    server.clock.advance(60_000);
    await from('192.0.2.1', 'far60');
    expect((await refusalOf(from('192.0.2.1', 'far61'))).reason).toBe('slow-down');
  });

  it('is refused to all if it is closed', async () => {
    const server = await startInMemory({ config: { registration: 'closed' } });
    expect((await refusalOf(server.connect().register('kevin'))).reason).toBe('registration-closed');
    expect(server.disk.calls('registerAccount')).toBe(0);
  });

  it('accepts an invitation once, for seven days', async () => {
    const server = await startInMemory({ config: { registration: 'invite' } });
    const register = (name: string, invite?: string) => server.connect().register(name, PASSWORD, invite);
    expect((await refusalOf(register('anna'))).reason).toBe('invite-invalid');
    expect((await refusalOf(register('anna', 'guessed'))).reason).toBe('invite-invalid');
    const invite = await server.aside.createInvite();
    await register('anna', invite);
    // A stranger does not learn which names there are.
    expect((await refusalOf(register('anna'))).reason).toBe('invite-invalid');
    expect((await refusalOf(register('anna', 'guessed'))).reason).toBe('invite-invalid');
    expect((await refusalOf(register('bert', invite))).reason).toBe('invite-invalid');
    const late = await server.aside.createInvite();
    server.clock.jump(7 * 86_400_000);
    expect((await refusalOf(register('bert', late))).reason).toBe('invite-invalid');
  });

  it('does not use up an invitation if the name or the password is refused', async () => {
    const server = await startInMemory({ config: { registration: 'invite' } });
    const invite = await server.aside.createInvite();
    expect((await refusalOf(server.connect().register('a b', PASSWORD, invite))).reason).toBe('username-invalid');
    expect((await refusalOf(server.connect().register('anna', 'short', invite))).reason).toBe('password-weak');
    await server.connect().register('anna', PASSWORD, invite);
  });

  it('does not use up an invitation if the name is taken at the same time', async () => {
    const server = await startInMemory({ config: { registration: 'invite' } });
    const invites = [await server.aside.createInvite(), await server.aside.createInvite()];
    const clients = invites.map(() => server.connect());
    const outcomes = await Promise.allSettled(
      clients.map((client, i) => client.register('kevin', PASSWORD, invites[i])),
    );
    const loser = outcomes.findIndex(({ status }) => status === 'rejected');
    expect(loser).toBeGreaterThanOrEqual(0);
    await server.connect().register('anna', PASSWORD, invites[loser]);
  });

  it('succeeds for one of two simultaneous requests with one invitation', async () => {
    const server = await startInMemory({ config: { registration: 'invite' } });
    const invite = await server.aside.createInvite();
    const outcomes = await Promise.allSettled(
      ['anna', 'bert'].map((name) => server.connect().register(name, PASSWORD, invite)),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('Sign-in (B1, B3)', () => {
  it('accepts a name in any case and form', async () => {
    const server = await startInMemory();
    await server.absent('\u00c9mile');
    for (const typed of ['\u00e9mile', 'E\u0301MILE']) {
      const client = await server.signIn(typed);
      expect(client.username).toBe('\u00c9mile');
      await client.signOut();
    }
  });

  it('refuses a second session, and offers to take over (ASIDE-5.4-1, ASIDE-5.4-2)', async () => {
    const server = await startInMemory();
    const watcher = await server.person('watcher');
    const kevin = await server.person('kevin');
    const elsewhere = server.connect();
    expect((await refusalOf(elsewhere.signIn('kevin'))).reason).toBe('already-online');
    watcher.take('presence.changed');
    await elsewhere.signIn('kevin', PASSWORD, true);
    await kevin.closed;
    expect(kevin.ending).toEqual({ reason: 'replaced' });
    expect(watcher.take('presence.changed').map(({ online, reason }) => [online, reason])).toEqual([
      [false, 'replaced'],
      [true, undefined],
    ]);
    expect(server.aside.stats()).toMatchObject({ sessions: 2, online: 2 });
  });

  it('refuses a wrong password in the same way with and without a session (ASIDE-5.4-3)', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const stranger = server.connect();
    expect((await refusalOf(stranger.signIn('kevin', WRONG, true))).reason).toBe('wrong-credentials');
    expect((await refusalOf(stranger.signIn('kevin', WRONG))).reason).toBe('wrong-credentials');
    await server.settle();
    expect(kevin.isClosed).toBe(false);
  });

  it('does not count a lost connection as a session elsewhere (ASIDE-5.4-4)', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    kevin.drop();
    await server.signIn('kevin');
  });

  it('succeeds for one of many simultaneous requests', async () => {
    const server = await startInMemory();
    await server.absent('kevin');
    const clients = Array.from({ length: 20 }, () => server.connect());
    const outcomes = await Promise.all(
      clients.map((client) =>
        client.signIn('kevin').then(
          () => 'in',
          (error: Error) => error.message,
        ),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'in')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome.includes('already-online'))).toHaveLength(19);
    expect(server.aside.stats().sessions).toBe(1);
  });

  it('is refused with slow-down if the password hasher is overloaded (ASIDE-5.2-4)', async () => {
    const server = await startInMemory();
    await server.absent('kevin');
    server.hasher.isBusy = true;
    const refusal = await refusalOf(server.connect().signIn('kevin', WRONG));
    expect(refusal.reason).toBe('slow-down');
    expect(refusal.retryAfterMs).toBeGreaterThan(0);
    expect((await refusalOf(server.connect().register('anna'))).reason).toBe('slow-down');
    server.hasher.isBusy = false;
    const next = await refusalOf(server.connect().signIn('kevin', WRONG));
    expect(next.attemptsLeft).toBe(2);
  });

  it('is checked once at a time for each connection (ASIDE-3.1-9)', async () => {
    const server = await startInMemory();
    await server.absent('kevin');
    const client = server.connect();
    const first = client.signIn('kevin');
    expect((await refusalOf(client.signIn('kevin'))).reason).toBe('slow-down');
    await first;
    expect((await refusalOf(client.signIn('kevin'))).reason).toBe('already-signed-in');
    expect((await refusalOf(client.resume(client.token))).reason).toBe('already-signed-in');
    expect((await refusalOf(client.register('anna'))).reason).toBe('already-signed-in');
    expect(server.aside.stats().accounts).toBe(1);
  });

  it('is answered by a busy server after the sign-in time, but within 60 s (ASIDE-2.3-1)', async () => {
    const server = await startInMemory();
    await server.absent('kevin');
    let open = () => {};
    server.hasher.gate = new Promise((resolve) => {
      open = resolve;
    });
    const patient = server.connect();
    const answer = patient.signIn('kevin');
    await server.settle();
    server.clock.advance(40_000);
    await server.settle();
    expect(patient.isClosed).toBe(false);
    open();
    expect((await answer).username).toBe('kevin');

    server.hasher.gate = new Promise(() => {});
    const stuck = server.connect();
    void stuck.signIn('kevin').catch(() => {});
    await server.settle();
    server.clock.advance(61_000);
    await server.settle();
    expect(stuck.isClosed).toBe(true);
  });

  it('does not attach a connection that was lost during the password check', async () => {
    const server = await startInMemory();
    await server.absent('kevin');
    const client = server.connect();
    const outcome = expect(client.signIn('kevin')).rejects.toThrow('closed');
    client.drop();
    await outcome;
    await server.settle();
    expect(server.aside.stats()).toMatchObject({ sessions: 0, online: 0, connections: 0 });
    await server.signIn('kevin');
  });

  it('answers before any notification, and both together give the online users (C1)', async () => {
    const server = await startInMemory();
    const names = Array.from({ length: 30 }, (_, i) => `person${i}`);
    await server.absent(...names);
    const clients = names.map(() => server.connect());
    const results = await Promise.all(clients.map((client, i) => client.signIn(names[i] ?? '')));
    for (const [i, client] of clients.entries()) {
      const answered = client.lines.findIndex(({ result }) => result !== undefined);
      const told = client.lines.findIndex(({ method }) => method === 'presence.changed');
      if (told >= 0) expect(told).toBeGreaterThan(answered);
      const known = new Set(results[i]?.online.map(({ username }) => username));
      for (const { username } of client.take('presence.changed')) known.add(username);
      expect(known.size).toBe(names.length - 1);
    }
  });
});

describe('Lockout (B2, ASIDE-5.3)', () => {
  it('follows from three failures in a row over connections and addresses, and closes the third connection', async () => {
    const server = await startInMemory();
    await server.absent('kevin');
    const attempts = [];
    const clients = [1, 2, 3].map((i) => server.connect({ address: `192.0.2.${i}` }));
    for (const client of clients) attempts.push(await refusalOf(client.signIn('Kevin', WRONG)));
    expect(attempts.map(({ reason, attemptsLeft }) => [reason, attemptsLeft])).toEqual([
      ['wrong-credentials', 2],
      ['wrong-credentials', 1],
      ['wrong-credentials', 0],
    ]);
    expect(attempts[2]?.retryAfterMs).toBe(120_000);
    expect(clients.map((client) => client.ending)).toEqual([
      undefined,
      undefined,
      { reason: 'locked', retryAfterMs: 120_000 },
    ]);
    await clients[2]?.closed;
    server.clock.advance(20_000);
    const right = await refusalOf(server.connect({ address: '198.51.100.1' }).signIn('kevin'));
    expect(right).toMatchObject({ reason: 'locked', retryAfterMs: 100_000 });
    expect(server.hasher.judged).toBe(3);
  });

  it('ends at the given time, with three new attempts', async () => {
    const server = await startInMemory();
    await server.absent('kevin');
    for (let i = 0; i < 3; i++) await refusalOf(server.connect().signIn('kevin', WRONG));
    server.clock.advance(119_999);
    expect(await refusalOf(server.connect().signIn('kevin'))).toMatchObject({ reason: 'locked', retryAfterMs: 1 });
    server.clock.advance(1);
    expect((await refusalOf(server.connect().signIn('kevin', WRONG))).attemptsLeft).toBe(2);
    await server.signIn('kevin');
  });

  it('is prevented by a success, which clears the count', async () => {
    const server = await startInMemory();
    await server.absent('kevin');
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 2; i++) await refusalOf(server.connect().signIn('kevin', WRONG));
      await (await server.signIn('kevin')).signOut();
    }
  });

  it('has the same words for an unknown username', async () => {
    const server = await startInMemory();
    await server.absent('kevin');
    const answers = async (name: string) => {
      const clients = [1, 2, 3, 4].map(() => server.connect());
      for (const client of clients) await refusalOf(client.signIn(name, WRONG));
      return clients.map(({ lines }) => lines.slice(1).map(({ error, params }) => [error, params]));
    };
    const known = await answers('kevin');
    expect(await answers('nobody')).toEqual(known);
    expect(await answers('not a name')).toEqual(known);
    expect(server.hasher.judged).toBe(9);
  });

  it('allows three checks of 200 simultaneous passwords', async () => {
    const server = await startInMemory();
    await server.absent('kevin');
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, () => refusalOf(server.connect().signIn('kevin', WRONG))),
    );
    const count = (reason: string) => outcomes.filter((outcome) => outcome.reason === reason).length;
    expect(server.hasher.judged).toBe(3);
    expect(count('wrong-credentials')).toBe(3);
    expect(count('locked')).toBe(197);
  });

  it('gives the right password no advantage after the third failure', async () => {
    const server = await startInMemory();
    await server.absent('kevin');
    const attempts = Array.from({ length: 3 }, () => refusalOf(server.connect().signIn('kevin', WRONG)));
    const right = refusalOf(server.connect().signIn('kevin'));
    await Promise.all(attempts);
    expect((await right).reason).toBe('locked');
  });

  it('changes neither a session nor a token (ASIDE-5.3-6)', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    for (let i = 0; i < 3; i++) await refusalOf(server.connect().signIn('kevin', WRONG));
    await kevin.request('presence.online', {});
    kevin.drop();
    const back = server.connect({ device: kevin.device });
    await back.resume(kevin.token);
  });

  it('continues after a restart, as does the count (A5)', async () => {
    const server = await startInMemory();
    await server.absent('kevin', 'anna');
    for (let i = 0; i < 3; i++) await refusalOf(server.connect().signIn('kevin', WRONG));
    for (let i = 0; i < 2; i++) await refusalOf(server.connect().signIn('anna', WRONG));
    await server.kill();
    const again = await server.startAgain(20_000);
    expect(await refusalOf(again.connect().signIn('kevin'))).toMatchObject({ reason: 'locked', retryAfterMs: 100_000 });
    expect((await refusalOf(again.connect().signIn('anna', WRONG))).attemptsLeft).toBe(0);
  });

  it('counts the passwords of changes and deletions too, and keeps the session (ASIDE-5.3-8)', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const change = { password: WRONG, newPassword: 'another password' };
    expect((await kevin.refusal('account.changePassword', change)).attemptsLeft).toBe(2);
    expect((await kevin.refusal('account.delete', { password: WRONG })).attemptsLeft).toBe(1);
    expect((await refusalOf(server.connect().signIn('kevin', WRONG))).attemptsLeft).toBe(0);
    expect((await kevin.refusal('account.delete', { password: PASSWORD })).reason).toBe('locked');
    await kevin.request('session.ping', {});
    expect(server.aside.stats().accounts).toBe(1);
  });
});

describe('Tokens (B4, ASIDE-5.5)', () => {
  it('sign a device in without a password, and each use gives a new one', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    kevin.drop();
    const back = server.connect({ device: kevin.device });
    expect(await back.resume(kevin.token)).toMatchObject({ username: 'kevin', waiting: 0 });
    expect(back.token).not.toBe(kevin.token);
    expect(server.hasher.judged).toBe(0);
  });

  it('replace the older connection of the device, without an announcement (ASIDE-5.4-5)', async () => {
    const server = await startInMemory();
    const watcher = await server.person('watcher');
    const kevin = await server.person('kevin');
    watcher.take('presence.changed');
    const back = server.connect({ device: kevin.device });
    await back.resume(kevin.token);
    await kevin.closed;
    expect(kevin.ending).toEqual({ reason: 'replaced' });
    server.clock.advance(60_000);
    await server.settle();
    expect(watcher.take('presence.changed')).toEqual([]);
    expect((await watcher.request('presence.online', {})).users).toMatchObject([{ username: 'kevin' }]);
  });

  it('never replace the session of another device (ASIDE-5.4-6)', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const elsewhere = server.connect();
    await elsewhere.signIn('kevin', PASSWORD, true);
    await kevin.closed;
    const back = server.connect({ device: kevin.device });
    expect((await refusalOf(back.resume(kevin.token))).reason).toBe('already-online');
    await elsewhere.signOut();
    await back.resume(kevin.token);
  });

  it('stay valid for 60 s after they were replaced; later use revokes all of the device (ASIDE-5.5-5, ASIDE-5.5-6)', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    kevin.drop();
    const lost = server.connect({ device: kevin.device });
    await lost.resume(kevin.token);
    lost.drop();
    server.clock.advance(59_999);
    const back = server.connect({ device: kevin.device });
    await back.resume(kevin.token);
    back.drop();
    server.clock.advance(60_000);
    const thief = server.connect({ device: kevin.device });
    expect((await refusalOf(thief.resume(kevin.token))).reason).toBe('token-invalid');
    expect((await refusalOf(thief.resume(back.token))).reason).toBe('token-invalid');
  });

  it('are refused and revoked on another device (ASIDE-5.5-4)', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    kevin.drop();
    expect((await refusalOf(server.connect().resume(kevin.token))).reason).toBe('token-invalid');
    const own = server.connect({ device: kevin.device });
    expect((await refusalOf(own.resume(kevin.token))).reason).toBe('token-invalid');
  });

  it('expire 7 days after the last use, and 30 days after the sign-in (ASIDE-5.5-8)', async () => {
    const day = 86_400_000;
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const anna = await server.person('anna');
    kevin.drop();
    anna.drop();
    let { token } = kevin;
    for (let week = 0; week < 4; week++) {
      server.clock.jump(7 * day - 1);
      const back = server.connect({ device: kevin.device });
      await back.resume(token);
      ({ token } = back);
      back.drop();
    }
    server.clock.jump(2 * day + 4);
    const device = kevin.device;
    expect((await refusalOf(server.connect({ device }).resume(token))).reason).toBe('token-invalid');
    expect((await refusalOf(server.connect({ device: anna.device }).resume(anna.token))).reason).toBe('token-invalid');
  });

  it.each(['x', 'x.y', 'a.b.c', `${'A'.repeat(22)}.${'A'.repeat(43)}`, '\u0000.\u{1f600}'])(
    'are refused if the server did not issue them: %j',
    async (token) => {
      const server = await startInMemory();
      await server.absent('kevin');
      expect((await refusalOf(server.connect().resume(token))).reason).toBe('token-invalid');
    },
  );

  it('survive a restart (ASIDE-5.5-7), and are stored as hashes', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    await server.kill();
    const again = await server.startAgain(1_000);
    const back = again.connect({ device: kevin.device });
    await back.resume(kevin.token);
  });

  it('are revoked by a sign-out (ASIDE-5.5-9)', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    await kevin.signOut();
    const refusal = await refusalOf(server.connect({ device: kevin.device }).resume(kevin.token));
    expect(refusal.reason).toBe('token-invalid');
  });

  it('resume one connection if two use one token at the same time, and the other tries again', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    kevin.drop();
    const two = [1, 2].map(() => server.connect({ device: kevin.device }));
    await Promise.all(two.map((client) => client.resume(kevin.token)));
    await server.settle();
    expect(two.filter(({ isClosed }) => !isClosed)).toHaveLength(1);
    expect(server.aside.stats()).toMatchObject({ sessions: 1, online: 1 });
  });
});

describe('Password (B7, ASIDE-5.7)', () => {
  it('is invalid after a change, and other devices need the new one', async () => {
    const server = await startInMemory();
    const phone = await server.person('kevin');
    phone.drop();
    const desk = await server.signIn('kevin');
    await desk.request('account.changePassword', { password: PASSWORD, newPassword: 'another password' });
    desk.drop();
    expect((await refusalOf(server.connect({ device: phone.device }).resume(phone.token))).reason).toBe(
      'token-invalid',
    );
    const own = server.connect({ device: desk.device });
    await own.resume(desk.token);
    await own.signOut();
    expect((await refusalOf(server.connect().signIn('kevin'))).reason).toBe('wrong-credentials');
    await server.connect().signIn('kevin', 'another password');
  });

  it('is not changed with a wrong current one or to an invalid one (ASIDE-5.7-2)', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const change = (password: string, newPassword: string) =>
      kevin.refusal('account.changePassword', { password, newPassword });
    expect((await change(PASSWORD, 'short')).reason).toBe('password-weak');
    expect((await change(WRONG, 'another password')).reason).toBe('wrong-credentials');
    await kevin.signOut();
    await server.signIn('kevin');
  });

  it('is the same in every Unicode form', async () => {
    const server = await startInMemory();
    const kevin = server.connect();
    await kevin.register('kevin', 'caf\u00e9 au\u00a0lait');
    await kevin.signOut();
    await server.connect().signIn('kevin', 'cafe\u0301 au lait');
  });
});

describe('Import of original accounts (A4)', () => {
  it('stores hashes, accepts short passwords, and names refused lines by number', async () => {
    const server = await startInMemory();
    await server.absent('taken');
    const entries = ['hans falcon', 'taken x', 'HANS y', 'bad\u0007name z'].map((text, i) => {
      const [username = '', password = ''] = text.split(' ');
      return { line: i + 1, username, password };
    });
    const report = await server.aside.importAccounts(entries);
    expect(report.imported).toBe(1);
    expect(report.skipped.map(({ line }) => line)).toEqual([2, 3, 4]);
    await server.connect().signIn('hans', 'falcon');
  });
});

it('Server returns the id of a request unchanged, and only in its answer (ASIDE-3.2-1)', async () => {
  const server = await startInMemory();
  const client = server.connect();
  for (const id of [0, 7, '7', 'x'.repeat(36), randomUUID()]) {
    await client.call('session.ping', {}, id);
    expect(client.lines.at(-1)).toEqual({ jsonrpc: '2.0', id, result: {} });
  }
});
