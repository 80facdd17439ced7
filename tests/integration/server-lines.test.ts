import { describe, expect, it } from 'vitest';
import { type MemoryClient, startInMemory } from '../support/server-in-memory.ts';
import { PASSWORD } from '../support/wire-client.ts';

const reasons = (client: MemoryClient) => client.lines.flatMap(({ error }) => (error ? [error.data.reason] : []));

describe('Greeting (ASIDE-4)', () => {
  it('is the first line, with policy, limits and time', async () => {
    const server = await startInMemory({ config: { timeoutSeconds: 60, registration: 'invite', messageRate: 7 } });
    const [hello] = server.connect().lines;
    expect(hello).toMatchObject({
      method: 'hello',
      params: {
        protocol: 1,
        policy: { blockSeconds: 120, timeoutSeconds: 60, registration: 'invite' },
        limits: {
          lineBytes: 65_536,
          textBytes: 8_192,
          requestsOutstanding: 64,
          messagesPerSecond: 7,
          messageBurst: 35,
        },
        now: server.clock.now(),
      },
    });
  });

  it('names the same server after a restart', async () => {
    const server = await startInMemory();
    const idOf = async (client: MemoryClient) => (await client.notification('hello')).server.id;
    const id = await idOf(server.connect());
    await server.kill();
    const again = await server.startAgain();
    expect(await idOf(again.connect())).toBe(id);
  });
});

describe('Flood of refused lines (I3)', () => {
  it('turns unknown methods into strikes above a rate (ASIDE-3.5-2)', async () => {
    const server = await startInMemory();
    const stranger = server.connect();
    for (let i = 0; i < 1_010; i++) stranger.force(JSON.stringify({ jsonrpc: '2.0', id: i, method: 'no.such' }));
    await server.settle();
    expect(stranger.ending).toEqual({ reason: 'protocol' });
    expect(reasons(stranger)).toHaveLength(1_008);
  });

  it('uses up the request limit also before sign-in', async () => {
    const server = await startInMemory();
    const stranger = server.connect();
    for (let i = 0; i < 1_001; i++)
      stranger.force(JSON.stringify({ jsonrpc: '2.0', id: i, method: 'presence.online' }));
    await server.settle();
    expect(reasons(stranger).slice(-2)).toEqual(['not-signed-in', 'slow-down']);
  });
});

describe('Strikes (ASIDE-3.5)', () => {
  it.each([
    ['parse', 'not json'],
    ['parse', ''],
    ['invalid', '[]'],
    ['invalid', '{"jsonrpc":"2.0","method":"session.ping"}'],
    ['invalid-params', '{"jsonrpc":"2.0","id":"raw","method":"session.signIn","params":{"extra":1}}'],
  ])('end the connection at the eighth, and no later line is executed: %s', async (reason, line) => {
    const server = await startInMemory();
    const stranger = server.connect();
    for (let i = 0; i < 8; i++) stranger.sendRaw(line);
    stranger.force(
      JSON.stringify({
        jsonrpc: '2.0',
        id: 'late',
        method: 'account.register',
        params: { username: 'kevin', password: PASSWORD, device: stranger.device },
      }),
    );
    await server.settle();
    expect(server.aside.stats().accounts).toBe(0);
    expect(reasons(stranger)).toEqual(Array.from({ length: 8 }, () => reason));
    expect(stranger.ending).toEqual({ reason: 'protocol' });
    await stranger.closed;
    expect(server.aside.stats().connections).toBe(0);
  });

  it('are counted by connection, across sign-in, notifications included', async () => {
    const server = await startInMemory();
    const kevin = server.connect();
    for (let i = 0; i < 4; i++) kevin.sendRaw('x');
    await kevin.register('kevin');
    for (let i = 0; i < 3; i++) kevin.sendRaw('{"jsonrpc":"2.0","method":"typing.set","params":{"to":1}}');
    await kevin.request('session.ping', {});
    expect(kevin.ending).toBeUndefined();
    kevin.sendRaw('x');
    expect(kevin.ending).toEqual({ reason: 'protocol' });
    await server.person('anna');
  });

  it.each([
    ['unknown-method', '{"jsonrpc":"2.0","id":"raw","method":"no.such"}'],
    ['unknown-method', '{"jsonrpc":"2.0","id":"raw","method":"constructor"}'],
    ['not-signed-in', '{"jsonrpc":"2.0","id":"raw","method":"presence.online"}'],
    ['not-signed-in', '{"jsonrpc":"2.0","id":"raw","method":"message.send","params":{"bad":1}}'],
  ])('are not counted for other refusals: %s', async (reason, line) => {
    const server = await startInMemory();
    const stranger = server.connect();
    for (let i = 0; i < 20; i++) stranger.sendRaw(line);
    expect(reasons(stranger)).toEqual(Array.from({ length: 20 }, () => reason));
    await stranger.request('session.ping', {});
  });

  it('are not needed for a line above the limit, which ends the connection at once (ASIDE-2.2-5)', async () => {
    const server = await startInMemory();
    const stranger = server.connect();
    stranger.sendRaw(`"${'x'.repeat(4_094)}"`);
    expect(reasons(stranger)).toEqual(['invalid']);
    stranger.sendRaw(`"${'x'.repeat(4_095)}"`);
    expect(stranger.lines.at(-2)).toMatchObject({ id: null, error: { code: -32_700 } });
    expect(reasons(stranger)).toEqual(['invalid', 'line-too-long']);
    expect(stranger.ending).toEqual({ reason: 'protocol' });
    const kevin = await server.person('kevin');
    kevin.sendRaw(`"${'x'.repeat(65_534)}"`);
    expect(reasons(kevin)).toEqual(['invalid']);
    kevin.sendRaw(`"${'x'.repeat(65_535)}"`);
    expect(kevin.ending).toEqual({ reason: 'protocol' });
  });
});

describe('Server before sign-in (ASIDE-3.1-7)', () => {
  it('answers only sign-ins and pings, and ignores notifications', async () => {
    const server = await startInMemory();
    const stranger = server.connect();
    for (const method of ['message.send', 'presence.online', 'account.delete', 'session.signOut', 'people.search']) {
      stranger.sendRaw(JSON.stringify({ jsonrpc: '2.0', id: 'raw', method, params: {} }));
    }
    expect(reasons(stranger)).toEqual(Array.from({ length: 5 }, () => 'not-signed-in'));
    const before = stranger.lines.length;
    stranger.notify('session.activity', {});
    stranger.notify('typing.set', { to: 'kevin', typing: true });
    stranger.notify('message.confirm', { through: 1 });
    await server.settle();
    expect(stranger.lines).toHaveLength(before);
    await stranger.request('session.ping', {});
  });

  it('repeats no request in a refusal (ASIDE-3.2-6)', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const secret = 'do-not-echo-this';
    const lines = [
      secret,
      `{"${secret}":1}`,
      `{"jsonrpc":"2.0","id":"raw","method":"${secret}"}`,
      `{"jsonrpc":"2.0","id":"raw","method":"people.search","params":{"${secret}":"${secret}"}}`,
      `{"jsonrpc":"2.0","id":"raw","method":"blacklist.add","params":{"username":"${secret}"}}`,
      `{"jsonrpc":"2.0","id":"raw","method":"message.send","params":{"id":"${secret}","to":"x","text":"x"}}`,
    ];
    for (const line of lines) kevin.sendRaw(line);
    await server.settle();
    expect(reasons(kevin)).toHaveLength(lines.length);
    expect(JSON.stringify(kevin.lines)).not.toContain(secret);
  });
});

it('Log contains no passwords, tokens or texts (I2)', async () => {
  const server = await startInMemory();
  const kevin = server.connect();
  await kevin.register('kevin', 'a secret password');
  await server.absent('anna');
  await kevin.send('anna', 'a secret text');
  await server
    .connect()
    .signIn('kevin', 'a wrong secret')
    .catch(() => {});
  kevin.drop();
  const back = server.connect({ device: kevin.device });
  await back.resume(kevin.token);
  await server
    .connect()
    .resume(back.token)
    .catch(() => {});
  await back.signOut();
  const log = JSON.stringify(server.log);
  expect(log).toContain('session-started');
  expect(log).toContain('token-reused');
  expect(log).not.toContain('secret');
  expect(log).not.toContain(kevin.token.split('.')[1]);
});
