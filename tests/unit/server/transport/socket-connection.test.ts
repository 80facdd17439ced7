import { once } from 'node:events';
import { type Duplex, duplexPair } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../../../server/src/transport/connection.ts';
import { SocketConnection } from '../../../../server/src/transport/socket-connection.ts';
import { CONNECTION_LIMITS } from '../../../../src/shared/limits.ts';
import { LIMITS } from '../../../../src/shared/limits.ts';

type Call = `line ${string}` | 'overflow' | 'drained' | 'closed';

interface Opened {
  client: Duplex;
  server: Duplex;
  connection: SocketConnection;
  calls: Call[];
  onLine: { current: (line: string, connection: Connection) => void };
}

function open(): Opened {
  const [client, server] = duplexPair();
  client.on('error', () => {});
  const calls: Call[] = [];
  const onLine: Opened['onLine'] = { current: () => {} };
  const connection = new SocketConnection(server, { remoteAddress: '192.0.2.1', remotePort: 1 }, (connection) => ({
    line: (bytes) => {
      const line = Buffer.from(bytes).toString();
      calls.push(`line ${line}`);
      onLine.current(line, connection);
    },
    drained: () => {
      calls.push('drained');
    },
    overflow: () => {
      calls.push('overflow');
      connection.send('too long\n');
      connection.close();
    },
    closed: () => calls.push('closed'),
  }));
  return { client, server, connection, calls, onLine };
}

/** Everything until the other side ends. */
async function readAll(stream: Duplex): Promise<string> {
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(stream, 'end');
  return text;
}

afterEach(() => {
  vi.useRealTimers();
});

describe('Incoming lines', () => {
  test('arrive whole and in order, however they were split', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', ' ')),
          { maxLength: 8 },
        ),
        fc.integer({ min: 1, max: 40 }),
        async (lines, size) => {
          const { client, calls } = open();
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          for (let i = 0; i < bytes.length; i += size) client.write(bytes.subarray(i, i + size));
          client.end();
          await readAll(client);
          expect(calls).toEqual([...lines.map((line) => `line ${line}`), 'closed']);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('are limited to 4,096 bytes before sign-in, and to the given limit after it', async () => {
    const { client, calls, onLine } = open();
    onLine.current = (_line, connection) => connection.setLineLimit(LIMITS.lineBytes);
    const first = 'a'.repeat(LIMITS.lineBytesBeforeSignIn);
    const second = 'b'.repeat(LIMITS.lineBytes);
    client.write(`${first}\n${second}\n${second}b`);
    expect(await readAll(client)).toBe('too long\n');
    expect(calls.map((call) => call.length)).toEqual([first.length + 5, second.length + 5, 'overflow'.length]);
    expect(calls.at(-1)).toBe('overflow');
  });

  test('stop at close, also within a chunk', async () => {
    const { client, server, calls, onLine } = open();
    onLine.current = (_line, connection) => {
      connection.send('bye\n');
      connection.close();
    };
    client.write('one\ntwo\nthree\n');
    expect(await readAll(client)).toBe('bye\n');
    client.end();
    await once(server, 'close');
    expect(calls).toEqual(['line one', 'closed']);
  });
});

describe('Outgoing lines', () => {
  test('of one turn are sent in one write, in order', async () => {
    const { client, server, connection } = open();
    const write = vi.spyOn(server, 'write');
    for (const line of ['a\n', 'b\n', 'ü\n']) connection.send(line);
    expect(write).not.toHaveBeenCalled();
    expect(connection.unsentBytes).toBeGreaterThanOrEqual(6);
    await nextTurn();
    expect(write.mock.calls).toEqual([['a\nb\nü\n']]);
    connection.send('c\n');
    await nextTurn();
    expect(write).toHaveBeenCalledTimes(2);
    connection.close();
    expect(await readAll(client)).toBe('a\nb\nü\nc\n');
    expect(connection.unsentBytes).toBe(0);
  });

  test('are counted while the other side does not read', async () => {
    const { connection } = open();
    const line = `${'x'.repeat(999)}\n`;
    for (let i = 0; i < 500; i++) connection.send(line);
    expect(connection.unsentBytes).toBe(500_000);
    await nextTurn();
    for (let i = 0; i < 500; i++) connection.send(line);
    await nextTurn();
    expect(connection.unsentBytes).toBeGreaterThanOrEqual(500_000);
    connection.destroy();
  });

  test('are dropped after close', async () => {
    const { client, connection } = open();
    connection.send('last\n');
    connection.close();
    connection.send('never\n');
    connection.close();
    expect(await readAll(client)).toBe('last\n');
  });
});

describe('End of a connection', () => {
  test('follows the last lines of the other side, whose answers are still sent', async () => {
    const { client, calls, onLine } = open();
    onLine.current = (line, connection) => connection.send(`answer to ${line}\n`);
    client.end('one\ntwo\nunfinished');
    expect(await readAll(client)).toBe('answer to one\nanswer to two\n');
    expect(calls).toEqual(['line one', 'line two', 'closed']);
  });

  test('is reported once, also after an error of the stream', async () => {
    const { server, connection, calls } = open();
    server.destroy(new Error('reset'));
    await nextTurn();
    connection.send('never\n');
    connection.close();
    connection.destroy();
    await nextTurn();
    expect(calls).toEqual(['closed']);
  });

  test('is forced if the other side does not read the queue', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { server, connection, calls } = open();
    connection.send('x'.repeat(1_000_000));
    connection.close();
    await vi.advanceTimersByTimeAsync(CONNECTION_LIMITS.drainMs - 1);
    expect(server.destroyed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await nextTurn();
    expect(server.destroyed).toBe(true);
    expect(calls).toEqual(['closed']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('leaves no timer behind if it is orderly', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { client, server, connection } = open();
    connection.close();
    expect(vi.getTimerCount()).toBe(1);
    client.end();
    client.resume();
    await once(server, 'close');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('limits the bytes that are read from a flood during close', async () => {
    const { client, server, connection, calls } = open();
    let read = 0;
    server.on('data', (chunk: Buffer) => {
      read += chunk.length;
    });
    connection.close();
    for (let i = 0; i < 50; i++) {
      client.write(Buffer.alloc(16_384));
      await nextTurn();
    }
    expect(read).toBeGreaterThan(CONNECTION_LIMITS.discardBytes);
    expect(read).toBeLessThanOrEqual(CONNECTION_LIMITS.discardBytes + 2 * 16_384);
    expect(server.destroyed).toBe(false);
    connection.destroy();
    await nextTurn();
    expect(calls).toEqual(['closed']);
  });

  test('may be requested when the connection is accepted, before a byte was read', async () => {
    const [client, server] = duplexPair();
    const calls: string[] = [];
    const connection = new SocketConnection(server, { remoteAddress: '192.0.2.1', remotePort: 1 }, (connection) => {
      connection.send('no\n');
      connection.close();
      return {
        line: () => calls.push('line'),
        drained: () => calls.push('drained'),
        overflow: () => calls.push('overflow'),
        closed: () => calls.push('closed'),
      };
    });
    client.end('hello\n');
    expect(await readAll(client)).toBe('no\n');
    expect(connection.unsentBytes).toBe(0);
    await nextTurn();
    expect(calls).toEqual(['closed']);
  });
});
