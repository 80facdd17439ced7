import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ClientLine,
  decodeClientLine,
  decodeServerLine,
  encodeError,
  encodeNotification,
  encodeRequest,
  encodeResult,
  type RequestId,
} from '../../../src/shared/protocol/codec.ts';
import { CLIENT_NOTIFICATIONS, CLIENT_PARAMS } from '../../../src/shared/protocol/messages.ts';
import { REASONS, type Reason } from '../../../src/shared/protocol/reasons.ts';
import { refusals } from '../../../src/shared/text/reasons.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (text: string): ClientLine => decodeClientLine(encode(text));
const withoutLf = (line: string): Uint8Array => {
  expect(line.endsWith('\n')).toBe(true);
  expect(line.slice(0, -1)).not.toContain('\n');
  return encode(line.slice(0, -1));
};

const refused = (reason: Reason, id: RequestId | null = null): ClientLine => ({ kind: 'refused', id, reason });
const ping = (id: RequestId): ClientLine => ({ kind: 'request', id, method: 'session.ping', params: {} });

describe('decodeClientLine', () => {
  it('[ASIDE-3.1-1] reads requests with id, method and optional params', () => {
    expect(decode('{"jsonrpc":"2.0","id":"7","method":"session.ping","params":{}}')).toEqual(ping('7'));
    expect(decode('{"jsonrpc":"2.0","id":"7","method":"session.ping"}')).toEqual(ping('7'));
    expect(decode('  { "id" : 7 , "method":"session.ping" , "jsonrpc":"2.0" }  ')).toEqual(ping(7));
  });

  it.each([0, 1, 9_007_199_254_740_991, 'a', '0', 'x'.repeat(36), '😀'.repeat(36)])(
    '[ASIDE-3.1-2] accepts the id %j',
    (id) => {
      expect(decode(JSON.stringify({ jsonrpc: '2.0', id, method: 'session.ping' }))).toEqual(ping(id));
    },
  );

  it.each(['""', `"${'x'.repeat(37)}"`, '-1', '1.5', '9007199254740992', '1e400', 'null', 'true', '[]', '{}'])(
    '[ASIDE-3.1-2] [ASIDE-3.4-4] [ASIDE-3.4-8] refuses the id %s',
    (id) => {
      expect(decode(`{"jsonrpc":"2.0","id":${id},"method":"session.ping"}`)).toEqual(refused('invalid'));
    },
  );

  it.each(['"\\ud800"', '"\\udc00\\ud800"'])('[ASIDE-3.4-9] refuses an id of lone surrogates (%s)', (id) => {
    expect(decode(`{"jsonrpc":"2.0","id":${id},"method":"session.ping"}`)).toEqual(refused('invalid'));
  });

  it.each(['[]', 'null', '1', '"x"', 'true', '[{}]'])('[ASIDE-3.1-3] refuses the params %s', (params) => {
    expect(decode(`{"jsonrpc":"2.0","id":1,"method":"session.ping","params":${params}}`)).toEqual(
      refused('invalid', 1),
    );
  });

  it.each(['[]', '[{"jsonrpc":"2.0","id":1,"method":"session.ping"}]', 'null', '7', '"text"', 'true'])(
    '[ASIDE-3.1-4] [ASIDE-3.4-4] refuses %s, which is no object',
    (line) => {
      expect(decode(line)).toEqual(refused('invalid'));
    },
  );

  it.each([
    ['no version', '{"id":1,"method":"session.ping"}'],
    ['another version', '{"jsonrpc":"1.0","id":1,"method":"session.ping"}'],
    ['a version of another type', '{"jsonrpc":2.0,"id":1,"method":"session.ping"}'],
    ['no method', '{"jsonrpc":"2.0","id":1}'],
    ['a method of another type', '{"jsonrpc":"2.0","id":1,"method":7}'],
    ['an answer', '{"jsonrpc":"2.0","id":1,"result":{}}'],
    ['another member', '{"jsonrpc":"2.0","id":1,"method":"session.ping","extra":1}'],
    ['__proto__', '{"jsonrpc":"2.0","id":1,"method":"session.ping","__proto__":{}}'],
    ['constructor', '{"jsonrpc":"2.0","id":1,"method":"session.ping","constructor":{}}'],
    ['only __proto__', '{"__proto__":{"jsonrpc":"2.0","method":"session.ping"},"id":1}'],
  ])('[ASIDE-3.4-4] refuses as invalid: %s', (_what, line) => {
    expect(decode(line)).toEqual(refused('invalid', 1));
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['white space', Buffer.from('   ')],
    ['words', Buffer.from('hello')],
    ['half an object', Buffer.from('{"jsonrpc":"2.0",')],
    ['two objects', Buffer.from('{} {}')],
    ['a comment', Buffer.from('{}//')],
    ['NaN', Buffer.from('{"id":NaN}')],
    ['a byte order mark', Buffer.from('\ufeff{}')],
  ])('[ASIDE-3.4-1] [ASIDE-3.4-3] refuses as parse: %s', (_what, line) => {
    expect(decodeClientLine(line)).toEqual(refused('parse'));
  });

  it.each([
    ['a lone continuation byte', [0x80]],
    ['an overlong form', [0xc0, 0xaf]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a cut sequence', [0xe2, 0x82]],
    ['0xFF', [0xff]],
  ])('[ASIDE-3.4-1] refuses invalid UTF-8: %s', (_what, bytes) => {
    const line = Buffer.concat([
      Buffer.from('{"jsonrpc":"2.0","id":1,"method":"session.ping","params":{"x":"'),
      Buffer.from(bytes),
      Buffer.from('"}}'),
    ]);
    expect(decodeClientLine(line)).toEqual(refused('parse'));
  });

  it('[ASIDE-3.4-2] refuses raw control characters in strings and between tokens', () => {
    for (let code = 0; code < 0x20; code++) {
      if (code === 0x0a) continue;
      const control = String.fromCharCode(code);
      expect(decode(`{"jsonrpc":"2.0","id":"a${control}b","method":"session.ping"}`)).toEqual(refused('parse'));
      expect(decode(`{"jsonrpc":"2.0",${control}"id":1,"method":"session.ping"}`)).toEqual(refused('parse'));
      expect(decode(`{"jsonrpc":"2.0","id":1,"method":"session.ping"}${control}`)).toEqual(refused('parse'));
    }
    expect(decode('{"jsonrpc":"2.0","id":"a\\tb\\u0000","method":"session.ping"}')).toEqual(ping('a\tb\0'));
  });

  it.each(['session.pong', 'hello', 'message.new', '', '__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    '[ASIDE-3.4-5] refuses the unknown method %j',
    (method) => {
      expect(decode(JSON.stringify({ jsonrpc: '2.0', id: 1, method }))).toEqual(refused('unknown-method', 1));
      expect(decode(JSON.stringify({ jsonrpc: '2.0', method }))).toEqual(refused('unknown-method'));
    },
  );

  it('[ASIDE-3.3-1] [ASIDE-3.3-2] [ASIDE-3.3-3] reads notifications, which have no id, of the methods that may be one', () => {
    const notifications: readonly string[] = CLIENT_NOTIFICATIONS;
    for (const method of Object.keys(CLIENT_PARAMS)) {
      const line = decode(JSON.stringify({ jsonrpc: '2.0', method, params: {} }));
      if (notifications.includes(method)) expect(line).toEqual({ kind: 'notification', method, params: {} });
      else expect(line).toEqual(refused('invalid'));
      expect(decode(JSON.stringify({ jsonrpc: '2.0', id: 3, method, params: {} }))).toMatchObject({ kind: 'request' });
    }
    expect(notifications).toEqual(['session.activity', 'message.confirm', 'typing.set']);
  });

  it('[ASIDE-3.4-10] never throws for any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => neverThrows(bytes)));
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => neverThrows(encode(text))),
      { numRuns: 300 },
    );
    const envelope = fc.record(
      {
        jsonrpc: fc.oneof(fc.constant('2.0'), fc.jsonValue()),
        id: fc.oneof(fc.nat(), fc.string(), fc.jsonValue()),
        method: fc.oneof(fc.constantFrom(...Object.keys(CLIENT_PARAMS)), fc.string(), fc.jsonValue()),
        params: fc.oneof(fc.object(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(envelope, (value) => neverThrows(encode(JSON.stringify(value)))),
      { numRuns: 500 },
    );
  });

  it.each([
    ['arrays', '['.repeat(60_000)],
    ['closed arrays', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['objects', '{"a":'.repeat(12_000)],
    [
      'params',
      `{"jsonrpc":"2.0","id":1,"method":"session.ping","params":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_001)}`,
    ],
    ['members', `{${Array.from({ length: 5_000 }, (_, i) => `"m${i}":1`).join(',')}}`],
    ['digits', `{"jsonrpc":"2.0","id":${'9'.repeat(60_000)},"method":"session.ping"}`],
    ['escapes', `{"jsonrpc":"2.0","id":"${'\\u0041'.repeat(10_000)}","method":"session.ping"}`],
  ])('[ASIDE-3.4-10] decodes in linear time: many %s', (_what, line) => {
    const before = process.cpuUsage();
    const result = decode(line);
    if (result.kind === 'request') CLIENT_PARAMS[result.method].safeParse(result.params);
    const cpu = process.cpuUsage(before);
    expect((cpu.user + cpu.system) / 1_000).toBeLessThan(200);
  });

  it('reads what the encoder writes', () => {
    const params = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()));
    const id = fc.oneof(fc.nat(), fc.stringMatching(/^[\w-]{1,36}$/));
    const method = fc.constantFrom('session.ping', 'message.send', 'presence.online');
    fc.assert(
      fc.property(id, method, params, (givenId, givenMethod, given) => {
        const line = decodeClientLine(withoutLf(encodeRequest(givenId, givenMethod, given)));
        expect(line).toEqual({
          kind: 'request',
          id: givenId,
          method: givenMethod,
          params: JSON.parse(JSON.stringify(given)),
        });
      }),
    );
  });
});

describe('decodeServerLine', () => {
  it('[ASIDE-3.2-1] reads results and errors with the id of the request, of the same type', () => {
    for (const id of ['7', 7, 'ä"\\', 0]) {
      const result = { text: 'a\nb\u2028"\\' };
      expect(decodeServerLine(withoutLf(encodeResult(id, result)))).toEqual({ kind: 'result', id, result });
      expect(decodeServerLine(withoutLf(encodeError(id, { reason: 'self' }, refusals.self)))).toEqual({
        kind: 'error',
        id,
        error: { code: -32000, message: refusals.self, data: { reason: 'self' } },
      });
    }
  });

  it('[ASIDE-3.2-3] [ASIDE-3.2-4] [ASIDE-3.2-5] reads code, sentence and reason, and a null id for a line without one', () => {
    const codes: Partial<Record<Reason, number>> = {
      parse: -32700,
      'line-too-long': -32700,
      invalid: -32600,
      'unknown-method': -32601,
      'invalid-params': -32602,
    };
    for (const reason of Object.keys(REASONS) as Reason[]) {
      const line = encodeError(null, { reason, retryAfterMs: 5, attemptsLeft: 0 }, refusals[reason]);
      expect(JSON.parse(line)).toEqual({
        jsonrpc: '2.0',
        id: null,
        error: {
          code: codes[reason] ?? -32000,
          message: refusals[reason],
          data: { reason, retryAfterMs: 5, attemptsLeft: 0 },
        },
      });
      expect(decodeServerLine(withoutLf(line))).toMatchObject({ kind: 'error', id: null });
    }
  });

  it('[ASIDE-3.3-4] reads known and unknown notifications', () => {
    expect(decodeServerLine(withoutLf(encodeNotification('future.thing', { a: 1 })))).toEqual({
      kind: 'notification',
      method: 'future.thing',
      params: { a: 1 },
    });
    expect(decodeServerLine(encode('{"jsonrpc":"2.0","method":"hello"}'))).toMatchObject({ params: {} });
  });

  it('[ASIDE-3.2-7] ignores unknown members', () => {
    expect(decodeServerLine(encode('{"jsonrpc":"2.0","id":1,"result":{},"future":1}'))).toMatchObject({
      kind: 'result',
    });
  });

  it.each([
    ['parse', 'not json'],
    ['parse', '{"jsonrpc":"2.0",\t"id":1,"result":{}}'],
    ['invalid', '[]'],
    ['invalid', '{"id":1,"result":{}}'],
    ['invalid', '{"jsonrpc":"2.0","id":null,"result":{}}'],
    ['invalid', '{"jsonrpc":"2.0","result":{}}'],
    ['invalid', '{"jsonrpc":"2.0","error":{}}'],
    ['invalid', '{"jsonrpc":"2.0","id":1}'],
    ['invalid', '{"jsonrpc":"2.0","id":1,"method":"session.ping"}'],
    ['invalid', '{"jsonrpc":"2.0","__proto__":{"id":1,"result":{}}}'],
  ])('refuses as %s: %s', (reason, line) => {
    expect(decodeServerLine(encode(line))).toEqual({ kind: 'refused', reason });
  });
});

function neverThrows(bytes: Uint8Array): void {
  const line = decodeClientLine(bytes);
  expect(['request', 'notification', 'refused']).toContain(line.kind);
  if (line.kind !== 'refused') CLIENT_PARAMS[line.method].safeParse(line.params);
  expect(['result', 'error', 'notification', 'refused']).toContain(decodeServerLine(bytes).kind);
}
