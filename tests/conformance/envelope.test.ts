import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REASONS, type Reason } from '../../src/shared/protocol/reasons.ts';
import { refusals } from '../../src/shared/text/reasons.ts';
import { newDevice, PASSWORD, Refused } from '../support/wire-client.ts';
import { fittingParams, newName, useServer } from './setup.ts';

const stage = useServer({ args: ['--message-rate', '0'] });

const REQUEST = '"jsonrpc":"2.0","id":1';
const MARK = 'marker-9c1f';
const signIn = (member: string): string =>
  `{${REQUEST},"method":"session.signIn","params":{"username":"a","password":"b","device":${JSON.stringify(newDevice())}${member}}}`;
const search = (params: string): string => `{${REQUEST},"method":"people.search","params":${params}}`;

describe('Requests', () => {
  it.each([0, 7, Number.MAX_SAFE_INTEGER, '7', 'x'.repeat(36), '😀'.repeat(36), '"\\/'])(
    '[ASIDE-3.1-1] [ASIDE-3.1-2] [ASIDE-3.2-1] are answered with their id, of the same type (%j)',
    async (id) => {
      const client = await stage.connect();
      client.sendLine({ jsonrpc: '2.0', id, method: 'session.ping' });
      await client.answerTo(id);
      expect(client.lines[1]).toStrictEqual({ jsonrpc: '2.0', id, result: {} });
    },
  );

  it('[ASIDE-3.1-7] are refused before sign-in, except for four methods', async () => {
    const params = fittingParams();
    for (const method of Object.keys(params) as (keyof typeof params)[]) {
      if (['account.register', 'session.signIn', 'session.resume', 'session.ping'].includes(method)) continue;
      if (['session.activity', 'message.confirm', 'typing.set'].includes(method)) continue;
      const client = await stage.connect();
      expect((await client.refusal(method, params[method])).reason, method).toBe('not-signed-in');
      await client.drop();
    }
  });

  it('[ASIDE-3.1-7] are answered before sign-in if they use one of the four methods', async () => {
    const client = await stage.connect();
    expect(await client.call('session.ping', {})).toEqual({});
    const params = fittingParams();
    expect((await client.refusal('session.resume', params['session.resume'])).reason).toBe('token-invalid');
    expect((await client.refusal('session.signIn', params['session.signIn'])).reason).toBe('wrong-credentials');
    await client.call('account.register', params['account.register']);
  });

  it('[ASIDE-3.1-8] for a sign-in are refused on a signed-in connection, and change nothing', async () => {
    const client = await stage.person();
    const params = fittingParams();
    for (const method of ['account.register', 'session.signIn', 'session.resume'] as const) {
      expect((await client.refusal(method, params[method])).reason, method).toBe('already-signed-in');
    }
    expect((await client.refusal('message.send', { ...params['message.send'], to: client.username })).reason).toBe(
      'self',
    );
    const { username } = params['account.register'] as { username: string };
    await (await stage.connect()).register(username);
  });

  it('[ASIDE-3.1-9] for a sign-in are refused while another sign-in is being checked', async () => {
    const client = await stage.connect();
    const params = { username: newName(), password: PASSWORD, device: newDevice() };
    const lines = ['first', 'second'].map((id) => ({ jsonrpc: '2.0', id, method: 'account.register', params }));
    client.sendRaw(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await expect(client.answerTo('second')).rejects.toMatchObject({ reason: 'slow-down' });
    expect(await client.answerTo('first')).toMatchObject({ username: params.username });
  });

  it('[ASIDE-3.1-5] [ASIDE-3.1-6] [ASIDE-7.1-1] can wait, at most 64 at a time, while later ones are answered', async () => {
    const deaf = await stage.person('deaf');
    const sender = await stage.person('sender');
    const waiting = Array.from({ length: 63 }, async (_, i) => await sender.send(deaf.username, `${i}`));
    await sender.caughtUp();
    expect(sender.lines.filter((line) => line.result !== undefined)).toHaveLength(2);
    const last = sender.send(deaf.username, '63');
    const tooMany = await sender.refusal('message.send', { id: randomUUID(), to: deaf.username, text: '64' });
    expect(tooMany.reason).toBe('too-many-requests');
    for (const answer of await Promise.all([...waiting, last])) expect(answer.status).toBe('stored');
    expect(deaf.received('message.new').map(({ text }) => text)).toEqual(Array.from({ length: 64 }, (_, i) => `${i}`));
    await sender.caughtUp();
  });
});

describe('Notifications', () => {
  it('[ASIDE-3.3-1] are not answered', async () => {
    const client = await stage.person();
    const friend = await stage.person();
    client.notify('session.activity', {});
    client.notify('message.confirm', { through: 0 });
    client.notify('typing.set', { to: friend.username, typing: true });
    await client.caughtUp();
    expect(client.lines.filter((line) => line.id !== undefined)).toHaveLength(2);
    expect(client.lines.filter((line) => line.error !== undefined)).toEqual([]);
  });

  it('[ASIDE-3.3-2] are answered with {} if they have an id', async () => {
    const client = await stage.person();
    const friend = await stage.person();
    expect(await client.call('session.activity', {})).toEqual({});
    expect(await client.call('message.confirm', { through: 0 })).toEqual({});
    expect(await client.call('typing.set', { to: friend.username, typing: true })).toEqual({});
    await friend.nextNotification('typing.changed', ({ username }) => username === client.username);
  });

  it('[ASIDE-3.3-3] [ASIDE-3.2-5] are refused and not executed if the method needs an id', async () => {
    const client = await stage.person();
    const friend = await stage.person();
    client.sendLine({ jsonrpc: '2.0', method: 'message.broadcast', params: { id: randomUUID(), text: MARK } });
    expect(await client.nextNullError()).toMatchObject({ code: -32600, data: { reason: 'invalid' } });
    await client.request('message.broadcast', { id: randomUUID(), text: 'after' });
    await friend.nextNotification('broadcast.new', ({ text }) => text === 'after');
    expect(friend.received('broadcast.new').map(({ text }) => text)).not.toContain(MARK);
  });
});

describe('Refused notifications', () => {
  it('[ASIDE-3.3-5] [ASIDE-3.5-1] are answered with the id null if they are invalid, and count as strikes', async () => {
    const client = await stage.person();
    for (const [method, params, reason] of [
      ['future.method', {}, 'unknown-method'],
      ['message.confirm', { through: -1 }, 'invalid-params'],
      ['typing.set', { to: client.username }, 'invalid-params'],
      ['session.activity', { extra: 1 }, 'invalid-params'],
    ] as const) {
      client.sendLine({ jsonrpc: '2.0', method, params });
      expect((await client.nextNullError()).data).toEqual({ reason });
    }
    for (let i = 0; i < 5; i++) client.sendLine({ jsonrpc: '2.0', method: 'message.confirm', params: {} });
    await client.closed;
    expect(client.received('session.ended')).toEqual([{ reason: 'protocol' }]);
  });

  it('[ASIDE-3.3-5] [ASIDE-3.3-1] are not answered before sign-in', async () => {
    const client = await stage.connect();
    client.notify('session.activity', {});
    client.notify('message.confirm', { through: 1 });
    await client.caughtUp();
    expect(client.lines).toHaveLength(2);
  });
});

describe('Refusals', () => {
  it.each<[string, Reason, string | number | null, string | Uint8Array]>([
    ['[ASIDE-3.4-1] invalid UTF-8', 'parse', null, Buffer.from(`{${REQUEST},"method":"\xff${MARK}"}`, 'latin1')],
    ['[ASIDE-3.4-1] a byte order mark', 'parse', null, `\ufeff{${REQUEST},"method":"session.ping"}`],
    ['[ASIDE-3.4-2] a raw control character in a string', 'parse', null, `{${REQUEST},"method":"\u0001${MARK}"}`],
    ['[ASIDE-3.4-2] a TAB between tokens', 'parse', null, `{${REQUEST},\t"method":"session.ping"}`],
    ['[ASIDE-3.4-2] CR before LF', 'parse', null, `{${REQUEST},"method":"session.ping"}\r`],
    ['[ASIDE-3.4-3] an empty line', 'parse', null, ''],
    ['[ASIDE-3.4-3] no JSON', 'parse', null, `GET /${MARK} HTTP/1.1`],
    ['[ASIDE-3.4-3] unfinished JSON', 'parse', null, `{${REQUEST},"method":"${MARK}`],
    ['[ASIDE-3.1-4] a batch', 'invalid', null, `[{${REQUEST},"method":"session.ping"}]`],
    ['[ASIDE-3.4-4] a text', 'invalid', null, `"${MARK}"`],
    ['[ASIDE-3.4-4] another member', 'invalid', 1, `{${REQUEST},"method":"session.ping","${MARK}":1}`],
    ['[ASIDE-3.4-4] another version', 'invalid', 1, `{"jsonrpc":"1.0","id":1,"method":"session.ping"}`],
    ['[ASIDE-3.4-4] no method', 'invalid', 1, `{${REQUEST}}`],
    ['[ASIDE-3.4-4] an answer', 'invalid', 1, `{${REQUEST},"result":{}}`],
    ['[ASIDE-3.1-3] params that are a list', 'invalid', 1, `{${REQUEST},"method":"session.ping","params":[]}`],
    ['[ASIDE-3.1-3] params that are null', 'invalid', 1, `{${REQUEST},"method":"session.ping","params":null}`],
    ['[ASIDE-3.1-2] an id of null', 'invalid', null, '{"jsonrpc":"2.0","id":null,"method":"session.ping"}'],
    ['[ASIDE-3.1-2] an empty id', 'invalid', null, '{"jsonrpc":"2.0","id":"","method":"session.ping"}'],
    ['[ASIDE-3.1-2] a long id', 'invalid', null, `{"jsonrpc":"2.0","id":"${'x'.repeat(37)}","method":"session.ping"}`],
    [
      '[ASIDE-3.4-8] an id beyond safe integers',
      'invalid',
      null,
      '{"jsonrpc":"2.0","id":9007199254740992,"method":"session.ping"}',
    ],
    [
      '[ASIDE-3.4-9] an id of lone surrogates',
      'invalid',
      null,
      '{"jsonrpc":"2.0","id":"\\ud800","method":"session.ping"}',
    ],
    ['[ASIDE-3.4-5] an unknown method', 'unknown-method', 1, `{${REQUEST},"method":"${MARK}"}`],
    ['[ASIDE-3.4-5] constructor', 'unknown-method', 1, `{${REQUEST},"method":"constructor"}`],
    ['[ASIDE-3.4-5] __proto__', 'unknown-method', 1, `{${REQUEST},"method":"__proto__"}`],
    ['[ASIDE-3.4-6] another param', 'invalid-params', 1, signIn(`,"${MARK}":1`)],
    ['[ASIDE-3.4-6] the param __proto__', 'invalid-params', 1, signIn(`,"__proto__":{"takeOver":true}`)],
    ['[ASIDE-3.4-6] the param constructor', 'invalid-params', 1, signIn(`,"constructor":{"prototype":{}}`)],
    ['[ASIDE-3.4-6] the param prototype', 'invalid-params', 1, signIn(`,"prototype":{}`)],
    ['[ASIDE-3.4-7] a param of another type', 'invalid-params', 1, signIn(`,"takeOver":"${MARK}"`)],
    ['[ASIDE-3.4-7] a param that is missing', 'invalid-params', 1, `{${REQUEST},"method":"session.signIn"}`],
    ['[ASIDE-3.4-9] a param of lone surrogates', 'invalid-params', 1, signIn(`,"username":"${MARK}\\udc00"`)],
    ['[ASIDE-3.6-3] a long name', 'invalid-params', 1, signIn(`,"username":"${'x'.repeat(1_025)}"`)],
    [
      '[ASIDE-3.6-2] a device without a key',
      'invalid-params',
      1,
      signIn(`,"device":{"id":"${randomUUID()}","name":"x"}`),
    ],
  ])('are sent for %s: %s', async (_what, reason, id, line) => {
    const client = await stage.connect();
    client.sendRaw(line);
    client.sendRaw('\n');
    const answer = await client.next((other) => other.error !== undefined, 'an error');
    expect(answer).toEqual({
      jsonrpc: '2.0',
      id,
      error: { code: REASONS[reason], message: refusals[reason], data: { reason } },
    });
    await client.caughtUp();
    expect(JSON.stringify(client.lines)).not.toContain(MARK);
  });

  it.each<[string, string]>([
    ['[ASIDE-3.4-8] a fraction', '{"prefix":"a","limit":1.5}'],
    ['[ASIDE-3.4-8] beyond safe integers', '{"prefix":"a","limit":9007199254740993}'],
    ['[ASIDE-3.4-8] infinity', '{"prefix":"a","limit":1e999}'],
    ['[ASIDE-3.4-8] a number as text', '{"prefix":"a","limit":"1"}'],
    ['[ASIDE-6.4-1] a limit of 0', '{"prefix":"a","limit":0}'],
    ['[ASIDE-6.4-1] a limit of 101', '{"prefix":"a","limit":101}'],
  ])('are sent for %s', async (_what, params) => {
    const client = await stage.person();
    client.sendRaw(`${search(params).replace('"id":1', '"id":77')}\n`);
    await expect(client.answerTo(77)).rejects.toMatchObject({ reason: 'invalid-params', code: -32602 });
  });

  it('[ASIDE-3.2-6] [ASIDE-3.2-2] never repeat the request, and have one readable sentence', async () => {
    const client = await stage.person();
    const marked = { id: randomUUID(), to: MARK, text: MARK };
    const refusals = [
      await client.refusal('message.send', marked),
      await client.refusal('message.send', { ...marked, extra: MARK }),
      await client.refusal('blacklist.add', { username: MARK }),
      await client.refusal(MARK, {}),
      await client.refusal('people.search', { prefix: MARK, limit: MARK }),
    ];
    for (const refusal of refusals) {
      expect(refusal).toBeInstanceOf(Refused);
      expect(refusal.sentence).toMatch(/^[A-Z].*\.$/);
    }
    expect(JSON.stringify(client.lines)).not.toContain(MARK);
  });

  it('[ASIDE-3.2-3] [ASIDE-1-3] have the code -32000 and no empty members if JSON-RPC defines no code', async () => {
    const client = await stage.person();
    client.sendLine({ jsonrpc: '2.0', id: 'x', method: 'blacklist.add', params: { username: client.username } });
    await expect(client.answerTo('x')).rejects.toMatchObject({ code: -32000, reason: 'self' });
    expect(client.lines.at(-1)?.error?.data).toEqual({ reason: 'self' });
  });

  it('[ASIDE-3.4-10] of arbitrary bytes end no other session, and never the server', async () => {
    const bystander = await stage.person();
    const methods = Object.keys(fittingParams());
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .record({
          jsonrpc: fc.constant('2.0'),
          id: fc.oneof(fc.nat(), fc.jsonValue()),
          method: fc.constantFrom(...methods),
          params: fc.oneof(fc.object(), fc.jsonValue()),
        })
        .map((value) => Buffer.from(JSON.stringify(value))),
      fc.constantFrom('[', '{"a":').map((text) => Buffer.from(text.repeat(800))),
    );
    for (const lines of fc.sample(fc.array(garbage, { minLength: 5, maxLength: 20 }), 40)) {
      const client = await stage.connect();
      for (const line of lines) client.sendRaw(Buffer.concat([line, Buffer.of(0x0a)]));
      client.socket.end();
      await client.closed;
    }
    await bystander.caughtUp();
    expect(bystander.received('session.ended')).toEqual([]);
  });
});

describe('Strikes', () => {
  const strikes: readonly [Reason, string][] = [
    ['parse', 'no json'],
    ['invalid', '[]'],
    ['invalid', '{"jsonrpc":"2.0","method":"session.ping"}'],
    ['invalid-params', '{"jsonrpc":"2.0","id":"x","method":"session.ping","params":{"x":1}}'],
  ];

  it('[ASIDE-3.5-1] [ASIDE-3.5-3] end the connection at the eighth, which is still answered', async () => {
    const client = await stage.connect();
    const name = newName();
    const lines = [...strikes, ...strikes].map(([, line]) => line);
    for (const line of lines.slice(0, 7)) client.sendRaw(`${line}\n`);
    await client.caughtUp();
    const register = { username: name, password: PASSWORD, device: newDevice() };
    client.sendRaw(
      `${lines[7]}\n${JSON.stringify({ jsonrpc: '2.0', id: 5, method: 'account.register', params: register })}\n`,
    );
    await client.closed;
    const reasons = client.lines.filter((line) => line.error).map((line) => line.error?.data.reason);
    expect(reasons).toEqual([...strikes, ...strikes].map(([reason]) => reason));
    expect(client.lines.at(-1)).toEqual({ jsonrpc: '2.0', method: 'session.ended', params: { reason: 'protocol' } });
    await (await stage.connect()).register(name);
  });

  it('[ASIDE-3.5-1] end a session too, and other users see that it ended', async () => {
    const client = await stage.person();
    const watcher = await stage.person();
    for (let i = 0; i < 8; i++) client.sendRaw('?\n');
    await client.nextNotification('session.ended', ({ reason }) => reason === 'protocol');
    await client.closed;
    await watcher.caughtUp();
  });

  it('[ASIDE-3.5-2] are not counted for unknown methods and other refusals', async () => {
    const client = await stage.person();
    const friend = await stage.person();
    for (let i = 0; i < 12; i++) {
      expect((await client.refusal('future.method', { sid: randomUUID() })).reason).toBe('unknown-method');
      expect((await client.refusal('blacklist.add', { username: client.username })).reason).toBe('self');
      const long = { id: randomUUID(), to: friend.username, text: 'x'.repeat(8_193) };
      expect((await client.refusal('message.send', long)).reason).toBe('too-long');
    }
    await client.caughtUp();
  });
});
