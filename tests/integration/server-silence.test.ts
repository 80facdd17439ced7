import { describe, expect, it } from 'vitest';
import { startInMemory } from '../support/server-in-memory.ts';

describe('Connection', () => {
  it('[ASIDE-2.3-3] is closed after 75 s of silence, without a message; a ping prevents that', async () => {
    const server = await startInMemory();
    const silent = await server.person('silent');
    const pinging = await server.person('pinging');
    for (let seconds = 0; seconds < 70; seconds += 10) {
      server.clock.advance(10_000);
      await pinging.request('session.ping', {});
    }
    expect(silent.isClosed).toBe(false);
    server.clock.advance(6_000);
    await silent.closed;
    expect(silent.take('session.ended')).toEqual([]);
    await pinging.request('session.ping', {});
    server.clock.advance(10_000);
    await pinging.request('session.ping', {});
    const changes = pinging.take('presence.changed');
    expect(changes).toMatchObject([{ username: 'silent', online: false, reason: 'connection-lost' }]);
  });

  it('[ASIDE-2.3-2] gets a ping from the server after 30 s without other lines, in a session', async () => {
    const server = await startInMemory();
    const session = await server.person('kevin');
    const pings = (): number => session.lines.filter((line) => line.method === 'session.ping').length;
    server.clock.advance(29_000);
    expect(pings()).toBe(0);
    server.clock.advance(2_000);
    expect(pings()).toBe(1);
    server.clock.advance(31_000);
    expect(pings()).toBe(2);
  });
});
