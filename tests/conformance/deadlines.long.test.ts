import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type RunningServer, startServer } from '../support/server-process.ts';
import { WireClient } from '../support/wire-client.ts';
import { connectAgain, newName } from './setup.ts';

/** Real deadlines, all waited for at the same time. */
let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.cleanUp();
});

const secondsSince = (start: number): number => (performance.now() - start) / 1_000;

async function person(base: string, autoConfirm = true): Promise<WireClient> {
  const client = await WireClient.connect(server, { autoConfirm });
  await client.register(newName(base));
  return client;
}

describe.concurrent('Connection', () => {
  it('[ASIDE-2.1-4] is closed without a TLS handshake within 5 s', async ({ expect }) => {
    const start = performance.now();
    const socket = net.connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    await once(socket, 'close');
    expect(secondsSince(start)).toBeGreaterThan(4.5);
    expect(secondsSince(start)).toBeLessThan(14);
  });

  it('[ASIDE-2.3-1] is closed without a sign-in within 15 s, even if it sends pings', async ({ expect }) => {
    const start = performance.now();
    const silent = await WireClient.connect(server);
    const pinging = await WireClient.connect(server);
    const pings = setInterval(() => {
      if (!pinging.isClosed) pinging.sendLine({ jsonrpc: '2.0', id: 'ping', method: 'session.ping' });
    });
    for (const client of [silent, pinging]) {
      expect((await client.nextNullError(40_000)).data.reason).toBe('sign-in-timeout');
      await client.closed;
      expect(secondsSince(start)).toBeGreaterThan(14);
      expect(secondsSince(start)).toBeLessThan(28);
    }
    clearInterval(pings);
  });

  it('[ASIDE-2.3-1] stays open after 15 s if it has signed in', async ({ expect }) => {
    const kevin = await person('kevin');
    await new Promise((resolve) => setTimeout(resolve, 17_000));
    await kevin.caughtUp();
    expect(kevin.received('session.ended')).toEqual([]);
    await kevin.drop();
  });

  it('[ASIDE-6.1-3] [ASIDE-6.1-4] keeps its user online if it is replaced within 10 s', async ({ expect }) => {
    const watcher = await person('watcher');
    const back = await person('back');
    const away = await person('away');
    await watcher.nextNotification('presence.changed', ({ username }) => username === away.username);
    const start = performance.now();
    await back.drop();
    await away.drop();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const again = await connectAgain(server, back);
    await again.resume(back.token);
    const left = await watcher.nextNotification(
      'presence.changed',
      ({ username, online }) => username === away.username && !online,
      30_000,
    );
    expect(left).toMatchObject({ reason: 'connection-lost' });
    expect(secondsSince(start)).toBeGreaterThan(9);
    expect(secondsSince(start)).toBeLessThan(20);
    await again.send(watcher.username, 'still here');
    const told = watcher.received('presence.changed').filter(({ username }) => username === back.username);
    expect(told.map(({ online }) => online)).toEqual([true]);
    for (const client of [watcher, again]) await client.drop();
  });

  it('C1 [ASIDE-6.1-6] [ASIDE-5.5-7] keeps its user online if it is replaced within 10 s after a restart of the server', async ({
    expect,
  }) => {
    const first = await startServer();
    try {
      const away = await WireClient.connect(first);
      await away.register('away');
      await away.signOut();
      const [kevin, lost] = [await WireClient.connect(first), await WireClient.connect(first)];
      await kevin.register('kevin');
      await lost.register('lost');
      // The server stores arrivals in the background; a later message that is stored shows that the arrival is on disk.
      await kevin.send('away', 'good night');
      await first.killHard();
      const second = await startServer({ dataFolder: first.dataFolder });
      try {
        const watcher = await WireClient.connect(second);
        const { online } = await watcher.register('watcher');
        expect(online.map(({ username }) => username).toSorted()).toEqual(['kevin', 'lost']);
        const again = await connectAgain(second, kevin);
        await again.resume(kevin.token);
        const gone = await watcher.nextNotification('presence.changed', ({ online: here }) => !here, 30_000);
        expect(gone).toMatchObject({ username: 'lost', reason: 'connection-lost' });
        expect(watcher.received('presence.changed')).toHaveLength(1);
      } finally {
        await second.cleanUp();
      }
    } finally {
      await first.cleanUp();
    }
  });
});
