import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { newDevice, PASSWORD } from '../support/wire-client.ts';
import { newName, useServer } from './setup.ts';

const stage = useServer({ blockSeconds: 9, timeoutSeconds: 1_000 });

/** A ping of exactly so many bytes, LF not counted. */
const ping = (bytes: number, id = 1): string =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method: 'session.ping' }).padEnd(bytes, ' ')}\n`;

describe('TLS', () => {
  const connect = (options: tls.ConnectionOptions): tls.TLSSocket =>
    tls.connect({ host: '127.0.0.1', port: stage.server.port, ca: stage.server.certificate, ...options });

  it('[ASIDE-2.1-1] has version 1.3', async () => {
    const socket = connect({});
    await once(socket, 'secureConnect');
    expect(socket.getProtocol()).toBe('TLSv1.3');
    socket.destroy();
  });

  it('[ASIDE-2.1-1] refuses older versions', async () => {
    const socket = connect({ maxVersion: 'TLSv1.2' });
    socket.once('secureConnect', () => socket.destroy(new Error('was accepted')));
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).not.toBe('was accepted');
  });

  it('[ASIDE-2.1-2] negotiates the protocol aside/1', async () => {
    const client = await stage.connect({ alpn: ['aside/1'] });
    expect((client.socket as tls.TLSSocket).alpnProtocol).toBe('aside/1');
  });

  it('[ASIDE-2.1-2] accepts a client that names no protocol', async () => {
    const client = await stage.connect({ alpn: [] });
    expect((client.socket as tls.TLSSocket).alpnProtocol).toBe(false);
    await client.register(newName());
  });
});

describe('Greeting', () => {
  it('[ASIDE-4-1] [ASIDE-4-2] [ASIDE-4-3] [ASIDE-4-4] [ASIDE-4-5] [ASIDE-1-2] is the first line, with server, policy, limits, features and time', async () => {
    const before = Date.now();
    const client = await stage.connect();
    const packageFile = new URL('../../package.json', import.meta.url);
    const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
    expect(client.lines[0]).toEqual({
      jsonrpc: '2.0',
      method: 'hello',
      params: {
        protocol: 1,
        server: { id: expect.stringMatching(/^[0-9a-f-]{36}$/), name: expect.any(String), version },
        policy: { blockSeconds: 9, timeoutSeconds: 1_000, registration: 'open' },
        limits: {
          lineBytes: 65_536,
          textBytes: 8_192,
          requestsOutstanding: 64,
          messagesPerSecond: 100,
          messageBurst: 500,
        },
        features: ['settled'],
        now: expect.any(Number),
      },
    });
    expect(Number.isSafeInteger(client.hello.now)).toBe(true);
    expect(client.hello.now).toBeGreaterThanOrEqual(before);
    expect(client.hello.now).toBeLessThanOrEqual(Date.now());
    const other = await stage.connect();
    expect(other.hello.server).toEqual(client.hello.server);
  });
});

describe('Lines', () => {
  it('[ASIDE-2.2-1] may arrive in single bytes, or several in one packet', async () => {
    const client = await stage.connect();
    client.socket.setNoDelay(true);
    for (const byte of ping(60)) {
      client.sendRaw(byte);
      await new Promise(setImmediate);
    }
    expect(await client.answerTo(1)).toEqual({});
    client.sendRaw(`${ping(60, 2)}${ping(60, 3)}${ping(60, 4).slice(0, 20)}`);
    expect(await client.answerTo(2)).toEqual({});
    expect(await client.answerTo(3)).toEqual({});
    client.sendRaw(ping(60, 4).slice(20));
    expect(await client.answerTo(4)).toEqual({});
  });

  it('[ASIDE-2.2-2] have at most 4,096 bytes before sign-in', async () => {
    const client = await stage.connect();
    client.sendRaw(ping(4_096));
    expect(await client.answerTo(1)).toEqual({});
    client.sendRaw(ping(4_097, 2));
    expect((await client.nextNullError()).data).toEqual({ reason: 'line-too-long' });
    await client.closed;
  });

  it('[ASIDE-2.2-3] have at most 65,536 bytes after the answer to the sign-in', async () => {
    const client = await stage.person();
    client.sendRaw(ping(65_536, 91));
    expect(await client.answerTo(91)).toEqual({});
    client.sendRaw(ping(65_537, 92));
    expect((await client.nextNullError()).data).toEqual({ reason: 'line-too-long' });
    await client.closed;
  });

  it('[ASIDE-2.2-5] [ASIDE-3.2-5] [ASIDE-9-1] that are too long are refused before their end, and nothing more is read', async () => {
    const client = await stage.connect();
    const name = newName();
    client.sendRaw('x'.repeat(4_097));
    const error = await client.nextNullError();
    expect(error).toMatchObject({ code: -32700, data: { reason: 'line-too-long' } });
    const register = { username: name, password: PASSWORD, device: newDevice() };
    client.sendRaw(`\n${JSON.stringify({ jsonrpc: '2.0', id: 5, method: 'account.register', params: register })}\n`);
    await client.closed;
    expect(client.lines.slice(1)).toEqual([
      expect.objectContaining({ id: null }),
      { jsonrpc: '2.0', method: 'session.ended', params: { reason: 'protocol' } },
    ]);
    await (await stage.connect()).register(name);
  });
});
