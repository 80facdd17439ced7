import { afterAll, beforeAll, describe, it } from 'vitest';
import { type RunningServer, startServer } from '../support/server-process.ts';
import { WireClient } from '../support/wire-client.ts';
import { newName } from './setup.ts';

const TIMEOUT_SECONDS = 4;
let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ timeoutSeconds: TIMEOUT_SECONDS });
});
afterAll(async () => {
  await server.cleanUp();
});

async function person(base: string): Promise<WireClient> {
  const client = await WireClient.connect(server, { autoConfirm: true });
  await client.register(newName(base));
  return client;
}

/** Does something every 400 ms for as long as the connection is open, at most for half as long again as the timeout. */
async function keepDoing(client: WireClient, act: () => void): Promise<void> {
  for (let i = 0; i < TIMEOUT_SECONDS * 4 && !client.isClosed; i++) {
    act();
    await Promise.race([client.closed, new Promise((resolve) => setTimeout(resolve, 400))]);
  }
}

describe.concurrent('Idle session', () => {
  it('B5 [ASIDE-5.6-2] [ASIDE-6.1-2] ends with the reason, and its end is announced', async ({ expect }) => {
    const watcher = await person('watcher');
    const start = performance.now();
    const idle = await person('idle');
    const watching = keepDoing(watcher, () => watcher.notify('session.activity', {}));
    expect(await idle.nextNotification('session.ended')).toEqual({ reason: 'timed-out' });
    await idle.closed;
    expect(performance.now() - start).toBeGreaterThan(TIMEOUT_SECONDS * 1_000 - 100);
    expect(performance.now() - start).toBeLessThan(TIMEOUT_SECONDS * 1_000 + 8_000);
    const left = await watcher.nextNotification(
      'presence.changed',
      ({ username, online }) => username === idle.username && !online,
    );
    expect(left.reason).toBe('timed-out');
    await watcher.drop();
    await watching;
  });

  it('B5 [ASIDE-5.6-4] [ASIDE-5.6-5] stays idle if it only pings and confirms', async ({ expect }) => {
    const idle = await person('idle');
    const friend = await person('friend');
    let answered = 0;
    const writing = keepDoing(friend, () => {
      if (!idle.isClosed) void friend.send(idle.username, 'are you there?').catch(() => {});
    });
    await keepDoing(idle, () => {
      void idle.call('session.ping', {}).then(
        () => {
          answered += 1;
        },
        () => {},
      );
    });
    expect(idle.received('session.ended')).toEqual([{ reason: 'timed-out' }]);
    expect(idle.received('message.new').length).toBeGreaterThan(1);
    expect(answered).toBeGreaterThan(2);
    await friend.drop();
    await writing;
  });

  it.each<[string, (client: WireClient) => void]>([
    ['session.activity', (client) => client.notify('session.activity', {})],
    ['typing', (client) => client.notify('typing.set', { to: client.username, typing: true })],
    ['commands', (client) => void client.call('presence.online', {}).catch(() => {})],
    ['refused commands', (client) => void client.call('blacklist.add', { username: client.username }).catch(() => {})],
  ])('B5 [ASIDE-5.6-3] becomes active with %s', async (_what, act) => {
    const busy = await person('busy');
    await keepDoing(busy, () => act(busy));
    if (busy.isClosed) throw new Error(`the session ended: ${JSON.stringify(busy.received('session.ended'))}`);
    await busy.drop();
  });
});
