import { describe, expect, it } from 'vitest';
import { reduce } from '../../../src/shared/client-api/reduce.ts';
import { ClientSetup } from '../../support/client-setup.ts';

const PIN_A = { fingerprint: `${'AA:'.repeat(31)}AA`, certificate: 'a' };
const PIN_B = { fingerprint: `${'BB:'.repeat(31)}BB`, certificate: 'b' };

describe('Connector', () => {
  it('signs in after the greeting and stores the token (B4)', async () => {
    const setup = new ClientSetup();
    await setup.online();
    expect(setup.emitted('connection.changed').map(({ connection }) => connection.state)).toEqual([
      'connecting',
      'signing-in',
      'online',
    ]);
    expect(setup.secrets.token).toBe('token-1');
    expect(setup.client.snapshot().username).toBe('kevin');
  });

  it('reports a refused sign-in and does not retry (B2)', async () => {
    const setup = new ClientSetup();
    setup.server.scripts['session.signIn'] = () => ({ refusal: { reason: 'wrong-credentials', attemptsLeft: 1 } });
    const outcome = setup.client.run('session.signIn', { username: 'kevin', password: 'wrong wrong' });
    await setup.clock.advance(200_000);
    expect(await outcome).toMatchObject({ ok: false, failure: { reason: 'wrong-credentials', attemptsLeft: 1 } });
    expect(setup.state).toBe('idle');
    expect(setup.server.peers).toHaveLength(1);
  });

  it('reports an unreachable server to the sign-in and does not retry', async () => {
    const setup = new ClientSetup();
    setup.server.refuses = { kind: 'problem', problem: { kind: 'refused' } };
    const outcome = setup.client.run('session.signIn', { username: 'kevin', password: 'x'.repeat(8) });
    await setup.clock.advance(200_000);
    expect(await outcome).toMatchObject({ ok: false, failure: { reason: 'cannot-connect' } });
    expect(setup.server.peers).toHaveLength(1);
  });

  it('replaces its own lost session with its token if the account is online already (B3)', async () => {
    const setup = new ClientSetup();
    setup.secrets.token = 'old';
    setup.server.scripts['session.signIn'] = () => ({ refusal: { reason: 'already-online' } });
    await setup.online();
    expect(setup.server.peer.received.map(({ method }) => method).slice(0, 2)).toEqual([
      'session.signIn',
      'session.resume',
    ]);
    expect(setup.state).toBe('online');
  });

  it('drops a server that sends no greeting or another one', async () => {
    for (const hello of [undefined, { protocol: 2 }]) {
      const setup = new ClientSetup();
      setup.server.hello = hello;
      const outcome = setup.client.run('session.signIn', { username: 'kevin', password: 'x'.repeat(8) });
      await setup.clock.advance(16_000);
      expect(await outcome).toMatchObject({
        ok: false,
        failure: {
          reason: 'cannot-connect',
          problem: { kind: hello === undefined ? 'not-answering' : 'not-aside' },
        },
      });
      expect(setup.server.peer.count('session.signIn')).toBe(0);
    }
  });
});

describe('Connector after a loss (B4, G7)', () => {
  it('resumes with the newest token', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.peer.cut();
    await setup.clock.advance(600);
    expect(setup.state).toBe('online');
    expect(setup.server.peer.received[0]).toMatchObject({ method: 'session.resume', params: { token: 'token-1' } });
    expect(setup.secrets.token).toBe('token-2');
  });

  it('retries with the same token if the answer was lost', async () => {
    const setup = new ClientSetup();
    await setup.online();
    const resume = setup.server.scripts['session.resume']!;
    setup.server.scripts['session.resume'] = (_params, peer) => {
      peer.cut();
      return 'nothing';
    };
    setup.server.peer.cut();
    await setup.clock.advance(1_000);
    setup.server.scripts['session.resume'] = resume;
    await setup.clock.advance(60_000);
    expect(setup.state).toBe('online');
    expect(setup.server.peer.received[0]?.params.token).toBe('token-1');
  });

  it('starts with the first delay again after each successful connection', async () => {
    const setup = new ClientSetup();
    await setup.online();
    for (let restart = 0; restart < 10; restart++) {
      setup.server.refuses = { kind: 'problem', problem: { kind: 'refused' } };
      setup.server.peer.cut();
      await setup.clock.advance(2_000);
      setup.server.refuses = undefined;
      // Three failed attempts at most fit into two seconds; the next delay is at most 4 s.
      await setup.clock.advance(4_000);
      expect(setup.state).toBe('online');
      await setup.clock.advance(1_000);
    }
  });

  it('waits at least a second if connections end at once, again and again', async () => {
    const setup = new ClientSetup();
    await setup.online();
    for (let n = 0; n < 20; n++) {
      setup.server.peer.cut();
      await setup.clock.advance(500);
    }
    expect(setup.server.peers.length).toBeLessThan(10);
    await setup.clock.advance(1_500);
    expect(setup.state).toBe('online');
  });

  it('never waits longer than 10 s while a user is present', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.refuses = { kind: 'problem', problem: { kind: 'refused' } };
    setup.server.peer.cut();
    for (let minute = 0; minute < 60; minute++) {
      await setup.clock.advance(60_000);
      await setup.client.run('session.activity', {});
    }
    const waits = setup.emitted('connection.changed').flatMap(({ connection }, index, all) => {
      const next = all[index + 1]?.connection;
      return connection.state === 'waiting-to-reconnect' && next !== undefined ? [connection] : [];
    });
    const starts = setup.emitted('connection.changed').filter(({ connection }) => connection.state === 'connecting');
    expect(starts.length).toBeGreaterThan(360);
    expect(waits.length).toBeGreaterThan(360);
    await setup.client.run('session.activity', {});
    setup.server.refuses = undefined;
    await setup.clock.advance(10_000);
    expect(setup.state).toBe('online');
  });

  it.each([
    ['activity', 'session.activity', {}],
    ['typing', 'typing.set', { to: 'hans', typing: true }],
    ['a sent message', 'message.send', { to: 'hans', text: 'now' }],
  ] as const)('tries at once on %s, but at most every two seconds', async (_sign, command, params) => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.refuses = { kind: 'problem', problem: { kind: 'refused' } };
    setup.server.peer.cut();
    await setup.clock.advance(600_000);
    const attempts = () =>
      setup.emitted('connection.changed').filter(({ connection }) => connection.state === 'connecting').length;
    await setup.client.run('session.tryNow', {});
    await setup.clock.advance(10);
    const before = attempts();
    for (let key = 0; key < 10; key++) {
      await setup.client.run(command, params);
      await setup.clock.advance(100);
    }
    expect(attempts() - before).toBeLessThanOrEqual(1);
    await setup.clock.advance(2_500);
    setup.server.refuses = undefined;
    await setup.client.run(command, params);
    await setup.clock.advance(10);
    expect(setup.state).toBe('online');
  });

  it('does not wait longer than five minutes, whatever the server asks for', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.peer.notify('session.ended', { reason: 'server-stopping', retryAfterMs: Number.MAX_SAFE_INTEGER });
    setup.server.peer.end();
    await setup.clock.advance(299_000);
    expect(setup.server.peers).toHaveLength(1);
    await setup.clock.advance(2_000);
    expect(setup.state).toBe('online');
  });

  it('doubles the random delay up to a minute', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.refuses = { kind: 'problem', problem: { kind: 'refused' } };
    setup.server.peer.cut();
    await setup.clock.advance(1_000_000);
    const waits = setup.emitted('connection.changed').flatMap(({ connection }) => {
      return connection.state === 'waiting-to-reconnect' ? [connection] : [];
    });
    expect(waits.length).toBeGreaterThan(10);
    const dials = setup.emitted('connection.changed').filter(({ connection }) => connection.state === 'connecting');
    expect(dials.length).toBeLessThan(100);
    expect(waits.map(({ attempt }) => attempt)).toEqual(waits.map((_wait, index) => index + 1));
    setup.server.refuses = undefined;
    await setup.clock.advance(61_000);
    expect(setup.state).toBe('online');
  });

  it('waits at least as long as a stopping server asks for', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.peer.notify('session.ended', { reason: 'server-stopping', retryAfterMs: 5_000 });
    setup.server.peer.end();
    await setup.clock.advance(4_900);
    expect(setup.server.peers).toHaveLength(1);
    await setup.clock.advance(1_000);
    expect(setup.state).toBe('online');
  });

  it.each(['timed-out', 'replaced', 'locked', 'account-deleted'] as const)(
    'does not reconnect after %s',
    async (reason) => {
      const setup = new ClientSetup();
      await setup.online();
      setup.server.peer.notify('session.ended', { reason });
      setup.server.peer.end();
      await setup.clock.advance(300_000);
      expect(setup.client.snapshot().connection).toMatchObject({ state: 'signed-out', reason });
      expect(setup.server.peers).toHaveLength(1);
    },
  );

  it('does not reconnect after signing out, and forgets the token (B6)', async () => {
    const setup = new ClientSetup();
    await setup.online();
    const outcome = setup.client.run('session.signOut', {});
    await setup.clock.advance(300_000);
    expect((await outcome).ok).toBe(true);
    expect(setup.server.peer.count('session.signOut')).toBe(1);
    expect(setup.client.snapshot().connection).toEqual({ state: 'signed-out', reason: 'by-you' });
    expect(setup.secrets.token).toBeUndefined();
    expect(setup.server.peers).toHaveLength(1);
  });

  it('signs out even if the server does not answer', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.scripts['session.signOut'] = () => 'nothing';
    const outcome = setup.client.run('session.signOut', {});
    await setup.clock.advance(3_000);
    expect((await outcome).ok).toBe(true);
    expect(setup.state).toBe('signed-out');
  });

  it('is signed out if the token is no longer valid', async () => {
    const setup = new ClientSetup();
    setup.secrets.token = 'old';
    setup.server.scripts['session.resume'] = () => ({ refusal: { reason: 'token-invalid' } });
    await setup.client.run('session.resume', {});
    await setup.clock.advance(100_000);
    expect(setup.client.snapshot().connection).toEqual({ state: 'signed-out', reason: 'token-invalid' });
    expect(setup.secrets.token).toBeUndefined();
    expect(setup.server.peers).toHaveLength(1);
  });

  it('waits as long as a server asks for that rejects the connection', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.hello = undefined;
    setup.server.peer.cut();
    await setup.clock.advance(501);
    setup.server.peer.sendRaw(
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"m","data":{"reason":"too-many-connections","retryAfterMs":9000}}}\n',
    );
    setup.server.peer.end();
    await setup.clock.advance(100);
    expect(setup.client.snapshot().connection).toMatchObject({
      state: 'waiting-to-reconnect',
      problem: { kind: 'rejected' },
    });
    await setup.clock.advance(8_000);
    expect(setup.server.peers).toHaveLength(2);
  });
});

describe('RpcConnection', () => {
  it('pings after 30 s without sending and is dropped after 75 s without receiving', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.scripts['session.ping'] = () => 'nothing';
    await setup.clock.advance(29_000);
    expect(setup.server.peer.count('session.ping')).toBe(0);
    await setup.clock.advance(2_000);
    expect(setup.server.peer.count('session.ping')).toBe(1);
    await setup.clock.advance(45_000);
    expect(setup.server.peers.length).toBeGreaterThan(1);
    expect(
      setup.emitted('connection.changed').some(({ connection }) => {
        return connection.state === 'waiting-to-reconnect' && connection.problem.kind === 'silent';
      }),
    ).toBe(true);
  });

  it('stays open while the server answers pings', async () => {
    const setup = new ClientSetup();
    await setup.online();
    await setup.clock.advance(600_000);
    expect(setup.server.peers).toHaveLength(1);
  });

  it.each([
    ['no JSON', 'no JSON\n'],
    ['another shape', '{"jsonrpc":"2.0","method":"message.new","params":{"n":"1"}}\n'],
    ['an answer without a request', '{"jsonrpc":"2.0","id":77,"result":{}}\n'],
    ['a second greeting', '{"jsonrpc":"2.0","method":"hello","params":{}}\n'],
    ['a line without end', 'x'.repeat(70_000)],
  ])('is dropped at once after a protocol error of the server: %s', async (_what, bytes) => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.peer.sendRaw(bytes);
    await setup.clock.advance(2);
    expect(setup.client.snapshot().connection).toMatchObject({
      state: 'waiting-to-reconnect',
      problem: { kind: 'protocol-error' },
    });
  });

  it('ignores unknown notifications', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.peer.notify('reaction.new', { like: true });
    await setup.clock.advance(10);
    expect(setup.state).toBe('online');
  });

  it('has at most 64 requests outstanding, and each has a deadline', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.scripts['people.search'] = () => 'nothing';
    const outcomes = Array.from({ length: 100 }, () => setup.client.run('people.search', { prefix: 'a' }));
    await setup.clock.advance(10);
    expect(setup.server.peer.count('people.search')).toBe(64);
    // The server sends, but answers no request.
    setup.server.peer.notify('typing.changed', { username: 'x', typing: false });
    await setup.clock.advance(31_000);
    const answers = await Promise.all(outcomes);
    expect(answers.every((answer) => !answer.ok && answer.failure.reason === 'no-answer')).toBe(true);
  });
});

describe('RpcConnection after the computer wakes up (G7)', () => {
  const wake = (setup: ClientSetup) => setup.client.run('session.tryNow', {});
  const lost = (setup: ClientSetup) =>
    setup.emitted('connection.changed').some(({ connection }) => {
      return connection.state === 'waiting-to-reconnect' && connection.problem.kind === 'silent';
    });

  it('is dropped at once after too long a silence, and the client reconnects', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.clock.sleep(90_000);
    await wake(setup);
    await setup.clock.advance(0);
    expect(lost(setup)).toBe(true);
    await setup.clock.advance(600);
    expect(setup.state).toBe('online');
  });

  it('pings the server, and the client reconnects within seconds without an answer', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.scripts['session.ping'] = () => 'nothing';
    setup.clock.sleep(10_000);
    await wake(setup);
    await setup.clock.advance(4_900);
    expect(setup.server.peer.count('session.ping')).toBe(1);
    // A second check does not extend the deadline.
    await wake(setup);
    expect(setup.server.peer.count('session.ping')).toBe(1);
    expect(lost(setup)).toBe(false);
    await setup.clock.advance(200);
    expect(lost(setup)).toBe(true);
    await setup.clock.advance(600);
    expect(setup.state).toBe('online');
    expect(setup.server.peers).toHaveLength(2);
  });

  it('stays open if an answer or any other line arrives', async () => {
    const setup = new ClientSetup();
    await setup.online();
    await wake(setup);
    await setup.clock.advance(20_000);
    setup.server.scripts['session.ping'] = () => 'nothing';
    await wake(setup);
    await setup.clock.advance(1_000);
    setup.server.peer.notify('typing.changed', { username: 'x', typing: false });
    await setup.clock.advance(10_000);
    expect(setup.state).toBe('online');
    expect(setup.server.peers).toHaveLength(1);
  });

  it('leaves no timer behind', async () => {
    const left = async (before: (setup: ClientSetup) => unknown): Promise<number> => {
      const setup = new ClientSetup();
      await setup.online();
      await before(setup);
      setup.client.stop();
      await setup.clock.advance(10);
      return setup.clock.timers;
    };
    expect(await left(wake)).toBe(await left(() => undefined));
  });
});

describe('session.measure', () => {
  it('measures the time of a ping, which does not count as activity', async () => {
    const setup = new ClientSetup();
    await setup.online();
    let answer = (): void => undefined;
    setup.server.scripts['session.ping'] = (_params, peer, id) => {
      answer = () => peer.answer(id, { result: {} });
      return 'nothing';
    };
    const before = setup.clock.now();
    const measured = setup.client.run('session.measure', {});
    await setup.clock.advance(37);
    answer();
    await setup.clock.advance(10);
    const outcome = await measured;
    const { milliseconds = 0 } = outcome.ok ? outcome.result : {};
    expect(milliseconds).toBeGreaterThanOrEqual(37);
    expect(milliseconds).toBeLessThanOrEqual(setup.clock.now() - before);
    expect(setup.server.peer.count('session.activity')).toBe(0);
  });

  it('fails without a connection', async () => {
    expect(await new ClientSetup().client.run('session.measure', {})).toMatchObject({ ok: false });
  });
});

describe('Trust on first use (G1)', () => {
  it('pins the certificate and dials again with exactly that pin', async () => {
    const setup = new ClientSetup(1, { plaintext: false });
    setup.server.certificate = PIN_A;
    await setup.online();
    expect(setup.server.targets.map(({ security }) => security)).toEqual([
      { kind: 'tls', pin: undefined },
      { kind: 'tls', pin: PIN_A },
    ]);
    expect(setup.emitted('certificate.pinned')).toEqual([{ fingerprint: PIN_A.fingerprint, replaced: false }]);
    expect(setup.server.peers[0]?.received).toEqual([]);
  });

  it('refuses a changed certificate until the user accepts exactly that one', async () => {
    const setup = new ClientSetup(1, { plaintext: false });
    setup.server.certificate = PIN_A;
    await setup.online();
    setup.server.certificate = PIN_B;
    setup.server.peer.cut();
    await setup.clock.advance(100_000);
    expect(setup.client.snapshot().connection).toEqual({
      state: 'untrusted',
      expected: PIN_A.fingerprint,
      presented: PIN_B.fingerprint,
    });
    const dials = setup.server.peers.length;
    await setup.client.run('session.acceptCertificate', { fingerprint: PIN_A.fingerprint });
    await setup.clock.advance(100);
    expect(setup.state).toBe('untrusted');
    await setup.client.run('session.acceptCertificate', { fingerprint: PIN_B.fingerprint });
    await setup.clock.advance(100);
    expect(setup.state).toBe('online');
    expect(setup.server.peers.length).toBeGreaterThan(dials);
    expect(setup.pins.read({ host: '127.0.0.1', port: 1 })).toEqual({
      ...PIN_B,
      id: '018c3f5e-0000-7000-8000-000000000001',
    });
  });
});

it('Events applied to a snapshot give the next snapshot (invariant 3)', async () => {
  const setup = new ClientSetup();
  let view = setup.client.snapshot();
  setup.client.subscribe((event) => {
    view = reduce(view, event);
  });
  await setup.online();
  setup.server.peer.notify('presence.changed', { username: 'hans', online: true, at: 5 });
  setup.server.peer.notify('message.new', { n: 1, id: DEVICE_MESSAGE, from: 'hans', text: 'hi', at: 6, stored: false });
  await setup.client.run('message.send', { to: 'hans', text: 'hello' });
  await setup.clock.advance(100);
  setup.server.peer.cut();
  await setup.clock.advance(1_000);
  expect(view).toEqual(setup.client.snapshot());
  expect(view.conversations).toMatchObject([{ id: '@hans', username: 'hans', unread: 1 }]);
});

const DEVICE_MESSAGE = '018c3f5e-0000-7000-8000-00000000000b';
