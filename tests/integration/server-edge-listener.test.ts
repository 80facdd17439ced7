import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectPlain, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AcceptConnection } from '../../server/src/transport/connection.ts';
import { loadOrMakeCertificate, type ServerCertificate } from '../../server/src/transport/certificate.ts';
import { LISTENER_LIMITS } from '../../server/src/transport/listener-limits.ts';
import { type Listener, type ListenerOptions, startListener } from '../../server/src/transport/listener.ts';

let folder: string;
let certificate: ServerCertificate;
const listeners: Listener[] = [];
const sockets: Socket[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aside-edge-'));
  certificate = await loadOrMakeCertificate(folder);
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(listeners.splice(0).map((listener) => listener.close()));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Greets, answers each line with itself, says `too long` to what is, and counts the ends. */
function echo(ends = { closed: 0 }): AcceptConnection {
  return (connection) => {
    connection.send('hello\n');
    return {
      line: (line) => connection.send(`${Buffer.from(line).toString()}\n`),
      drained: () => undefined,
      overflow: () => {
        connection.send('too long\n');
        connection.close();
      },
      closed: () => {
        ends.closed++;
      },
    };
  };
}

type Setup = Omit<Partial<ListenerOptions>, 'limits'> & { limits?: Partial<ListenerOptions['limits']> };

async function listen(setup: Setup = {}, accept: AcceptConnection = echo()): Promise<Listener> {
  const { limits, ...options } = setup;
  const listener = await startListener(
    { host: '127.0.0.1', port: 0, tls: undefined, ...options, limits: { ...LISTENER_LIMITS, ...limits } },
    accept,
  );
  listeners.push(listener);
  return listener;
}

function plain({ port }: Listener, options: { allowHalfOpen?: boolean } = {}): Socket {
  const socket = connectPlain({ port, host: '127.0.0.1', ...options });
  socket.on('error', () => {});
  sockets.push(socket);
  return socket;
}

function secure({ port }: Listener, options: ConnectionOptions = {}): TLSSocket {
  const socket = connectTls({ port, host: '127.0.0.1', ca: [certificate.cert], ...options });
  socket.on('error', () => {});
  sockets.push(socket);
  return socket;
}

/** Collects what comes; resolves as soon as it fits, or at the end of the stream. */
function received(socket: Socket, pattern = /$^/): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (pattern.test(text)) resolve(text);
    });
    socket.on('close', () => resolve(text));
    socket.on('end', () => resolve(text));
  });
}

async function greeted(socket: Socket): Promise<Socket> {
  expect(await received(socket, /\n/)).toBe('hello\n');
  return socket;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('it never came to pass');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

describe.each(['plaintext', 'TLS'] as const)('Listener over %s', (kind) => {
  const tls = (): ListenerOptions['tls'] => (kind === 'TLS' ? certificate : undefined);
  const dial = (listener: Listener): Socket => (kind === 'TLS' ? secure(listener) : plain(listener));

  test('transports lines both ways, and both ends are closed', async () => {
    const ends = { closed: 0 };
    const listener = await listen({ tls: tls() }, echo(ends));
    const socket = dial(listener);
    const all = received(socket, /three\n$/);
    socket.write('one\ntwo\nth');
    socket.write('ree\n');
    expect(await all).toBe('hello\none\ntwo\nthree\n');
    expect(listener.connections).toBe(1);
    socket.end();
    await once(socket, 'close');
    await until(() => ends.closed === 1 && listener.connections === 0);
  });

  test('answers a client that sends and then ends its side', async () => {
    const listener = await listen({ tls: tls() });
    const socket =
      kind === 'TLS'
        ? secure(listener, { allowHalfOpen: true } as ConnectionOptions)
        : plain(listener, { allowHalfOpen: true });
    const all = received(socket);
    await once(socket, kind === 'TLS' ? 'secureConnect' : 'connect');
    socket.end('one\ntwo\n');
    expect(await all).toBe('hello\none\ntwo\n');
  });

  test('tells a client above the connection limit the reason, drops it, and delays no other client', async () => {
    const refused: string[] = [];
    const listener = await listen({
      tls: tls(),
      limits: { connections: 10 },
      onRefused: (limit) => refused.push(limit),
    });
    const inside = await Promise.all(Array.from({ length: 10 }, () => greeted(dial(listener))));
    const polite = [dial(listener), dial(listener)];
    for (const text of await Promise.all(polite.map((socket) => received(socket)))) {
      const line = JSON.parse(text) as { error: { data: unknown } };
      expect(line.error.data).toEqual({ reason: 'too-many-connections', retryAfterMs: 10_000 });
    }
    for (const socket of polite) socket.destroy();
    expect(refused).toEqual(['connections', 'connections']);
    for (const [index, socket] of inside.entries()) {
      const answer = received(socket, /\n/);
      socket.write(`${index}\n`);
      expect(await answer).toBe(`${index}\n`);
    }
    inside[0]?.destroy();
    await until(() => listener.connections === 9);
    await greeted(dial(listener));
  });

  test('drops connections far above the limit without a message', async () => {
    const listener = await listen({ tls: tls(), limits: { connections: 5 } });
    const inside = await Promise.all(Array.from({ length: 5 }, () => greeted(dial(listener))));
    // Takes the place of one that is being refused, and keeps it by not reading.
    const lingering = plain(listener, { allowHalfOpen: true });
    await until(() => listener.connections === 6);
    expect(await received(dial(listener))).toBe('');
    expect(listener.connections).toBeLessThanOrEqual(6);
    lingering.destroy();
    const answer = received(inside[0] as Socket, /\n/);
    inside[0]?.write('still here\n');
    expect(await answer).toBe('still here\n');
  });

  test('handles 100 MB without a line end at almost no cost, and the refusal can be read', async () => {
    const ends = { closed: 0 };
    const listener = await listen({ tls: tls() }, echo(ends));
    const bystander = await greeted(dial(listener));
    const socket = await greeted(dial(listener));
    const refusal = received(socket);
    const chunk = Buffer.alloc(1_000_000, 'x');
    let sent = 0;
    const flood = (): void => {
      while (sent < 100 && !socket.destroyed) {
        sent++;
        if (!socket.write(chunk)) {
          socket.once('drain', flood);
          return;
        }
      }
    };
    flood();
    expect(await refusal).toBe('too long\n');
    const answer = received(bystander, /\n/);
    bystander.write('unharmed\n');
    expect(await answer).toBe('unharmed\n');
    await until(() => ends.closed === 1 && listener.connections === 1);
    // The flood stopped at what the buffers of both sockets hold, far below 100 MB.
    expect(sent).toBeLessThan(30);
  });

  test('closes all connections in good order', async () => {
    const ends = { closed: 0 };
    const listener = await listen({ tls: tls() }, echo(ends));
    const inside = await Promise.all(Array.from({ length: 5 }, () => greeted(dial(listener))));
    const over = inside.map((socket) => once(socket, 'close'));
    await listener.close();
    await Promise.all(over);
    expect(ends.closed).toBe(5);
    expect(listener.connections).toBe(0);
    const [error] = (await once(connectPlain({ port: listener.port, host: '127.0.0.1' }), 'error')) as [
      NodeJS.ErrnoException,
    ];
    expect(error.code).toBe('ECONNREFUSED');
  });

  test('treats a reset like any other end', async () => {
    const ends = { closed: 0 };
    const listener = await listen({ tls: tls() }, echo(ends));
    const raw = plain(listener);
    const socket = kind === 'TLS' ? connectTls({ socket: raw, ca: [certificate.cert] }) : raw;
    socket.on('error', () => {});
    await greeted(socket);
    raw.resetAndDestroy();
    await until(() => ends.closed === 1 && listener.connections === 0);
  });

  test('keeps existing connections after stopAccepting', async () => {
    const listener = await listen({ tls: tls() });
    const socket = await greeted(dial(listener));
    listener.stopAccepting();
    const [error] = (await once(connectPlain({ port: listener.port, host: '127.0.0.1' }), 'error')) as [
      NodeJS.ErrnoException,
    ];
    expect(error.code).toBe('ECONNREFUSED');
    const answer = received(socket, /\n/);
    socket.write('still here\n');
    expect(await answer).toBe('still here\n');
  });
});

describe('TLS handshake', () => {
  test('is version 1.3 with aside/1, which the client need not name', async () => {
    const listener = await listen({ tls: certificate });
    for (const [ALPNProtocols, chosen] of [
      [['aside/1'], 'aside/1'],
      [['h2', 'aside/1'], 'aside/1'],
      [undefined, false],
    ] as const) {
      const socket = secure(listener, ALPNProtocols === undefined ? {} : { ALPNProtocols: [...ALPNProtocols] });
      await greeted(socket);
      expect([socket.getProtocol(), socket.alpnProtocol, socket.authorized]).toEqual(['TLSv1.3', chosen, true]);
    }
  });

  test.each([
    ['TLS 1.2', { maxVersion: 'TLSv1.2' }],
    ['another protocol', { ALPNProtocols: ['h2'] }],
  ] as const)('refuses %s', async (_what, options) => {
    const refused: string[] = [];
    const listener = await listen({ tls: certificate, onRefused: (kind) => refused.push(kind) });
    const socket = secure(listener, { ...options } as ConnectionOptions);
    expect(await received(socket)).toBe('');
    await until(() => listener.connections === 0);
    expect(refused).toEqual(['handshake']);
    await greeted(secure(listener));
  });

  test.each([
    ['says nothing', undefined],
    ['speaks plaintext', Buffer.from('{"jsonrpc":"2.0","id":1,"method":"session.ping"}\n')],
    ['sends random bytes', Buffer.from(Array.from({ length: 4_096 }, (_, i) => (i * 7_919) % 251))],
  ])('ends at the deadline for a client that %s', async (_what, bytes) => {
    const refused: string[] = [];
    const listener = await listen({
      tls: certificate,
      limits: { tlsHandshakeMs: 1_000 },
      onRefused: (kind) => refused.push(kind),
    });
    const socket = plain(listener);
    const begin = performance.now();
    if (bytes !== undefined) socket.write(bytes);
    await received(socket);
    expect(performance.now() - begin).toBeLessThan(4_500);
    await until(() => listener.connections === 0);
    expect(refused).toEqual(['handshake']);
    await greeted(secure(listener));
  });

  test('has no longer deadline for a client that sends single bytes', async () => {
    const listener = await listen({ tls: certificate, limits: { tlsHandshakeMs: 200 } });
    const socket = plain(listener);
    const begin = performance.now();
    // A record that announces 16 KiB of ClientHello.
    socket.write(Buffer.from([0x16, 0x03, 0x01, 0x40, 0x00, 0x01, 0x00, 0x3f, 0xfc]));
    const drip = setInterval(() => socket.write(Buffer.of(3)), 20);
    await received(socket);
    clearInterval(drip);
    const took = performance.now() - begin;
    expect(took).toBeGreaterThan(150);
    expect(took).toBeLessThan(4_500);
    await until(() => listener.connections === 0);
  });

  test('has no deadline after its end', async () => {
    const listener = await listen({ tls: certificate, limits: { tlsHandshakeMs: 1_000 } });
    const socket = await greeted(secure(listener));
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    const answer = received(socket, /\n/);
    socket.write('still here\n');
    expect(await answer).toBe('still here\n');
  });

  test('succeeds for many clients at once beside silent connections', async () => {
    const listener = await listen({ tls: certificate });
    const knocking = Array.from({ length: 50 }, () => plain(listener));
    await Promise.all(Array.from({ length: 50 }, () => greeted(secure(listener))));
    for (const socket of knocking) socket.destroy();
    await until(() => listener.connections === 50);
  });

  test('does not delay the end of the server', async () => {
    const listener = await listen({ tls: certificate });
    plain(listener);
    await until(() => listener.connections === 1);
    const begin = performance.now();
    await listener.close();
    expect(performance.now() - begin).toBeLessThan(4_500);
  });
});

describe('Unavailable address', () => {
  test('is reported to the caller', async () => {
    const { port } = await listen();
    await expect(listen({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(listen({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });
});
