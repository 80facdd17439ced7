import { once } from 'node:events';
import { type Duplex, duplexPair } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../../../server/src/transport/connection.ts';
import { SocketConnection } from '../../../../server/src/transport/socket-connection.ts';
import { CONNECTION_LIMITS } from '../../../../src/shared/limits.ts';
import { LIMITS } from '../../../../src/shared/limits.ts';

type Call = `line ${string}` | 'overflow' | 'closed';

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

describe('lines in', () => {
  test('come whole and in order, however they were cut', async () => {
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

  test('are bounded: 4,096 bytes before sign-in, what was asked for after', async () => {
    const { client, calls, onLine } = open();
    onLine.current = (_line, connection) => connection.setLineLimit(LIMITS.lineBytes);
    const first = 'a'.repeat(LIMITS.lineBytesBeforeSignIn);
    const second = 'b'.repeat(LIMITS.lineBytes);
    client.write(`${first}\n${second}\n${second}b`);
    expect(await readAll(client)).toBe('too long\n');
    expect(calls.map((call) => call.length)).toEqual([first.length + 5, second.length + 5, 'overflow'.length]);
    expect(calls.at(-1)).toBe('overflow');
  });

  test('stop at close, within a chunk too', async () => {
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

describe('lines out', () => {
  test('of one turn leave in one write, in order', async () => {
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

  test('that the other side does not read are counted', async () => {
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

  test('are nothing after close', async () => {
    const { client, connection } = open();
    connection.send('last\n');
    connection.close();
    connection.send('never\n');
    connection.close();
    expect(await readAll(client)).toBe('last\n');
  });
});

describe('the end', () => {
  test('of the other side comes after its lines, and their answers still leave', async () => {
    const { client, calls, onLine } = open();
    onLine.current = (line, connection) => connection.send(`answer to ${line}\n`);
    client.end('one\ntwo\nunfinished');
    expect(await readAll(client)).toBe('answer to one\nanswer to two\n');
    expect(calls).toEqual(['line one', 'line two', 'closed']);
  });

  test('is told once, after an error of the stream as well', async () => {
    const { server, connection, calls } = open();
    server.destroy(new Error('reset'));
    await nextTurn();
    connection.send('never\n');
    connection.close();
    connection.destroy();
    await nextTurn();
    expect(calls).toEqual(['closed']);
  });

  test('comes by force where the other side does not take what is queued', async () => {
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

  test('in good order leaves no timer behind', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { client, server, connection } = open();
    connection.close();
    expect(vi.getTimerCount()).toBe(1);
    client.end();
    client.resume();
    await once(server, 'close');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('of a connection that floods while it closes: only a little more is read', async () => {
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

  test('may come from whoever accepts it, before anything was read', async () => {
    const [client, server] = duplexPair();
    const calls: string[] = [];
    const connection = new SocketConnection(server, { remoteAddress: '192.0.2.1', remotePort: 1 }, (connection) => {
      connection.send('no\n');
      connection.close();
      return {
        line: () => calls.push('line'),
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
