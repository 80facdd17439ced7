import { describe, expect, it } from 'vitest';
import { startServer } from '../support/server-process.ts';
import { newDevice, PASSWORD, WireClient } from '../support/wire-client.ts';

const LONG_SECONDS = 60;

/** The least that may be left of a long lock that began after `begin`, by `performance.now()`. */
const leastLeft = (begin: number): number => LONG_SECONDS * 1_000 - (performance.now() - begin) - 100;

const guess = (username: string, password = 'wrong password'): object => ({ username, password, device: newDevice() });

describe('Lockout', () => {
  it('A5 B2 [ASIDE-5.3-7] continues after a restart', async () => {
    const first = await startServer({ blockSeconds: LONG_SECONDS, plaintext: true });
    const connected: WireClient[] = [];
    const connect = async (server: typeof first): Promise<WireClient> => {
      const client = await WireClient.connect(server);
      connected.push(client);
      return client;
    };
    try {
      const kevin = await connect(first);
      await kevin.register('kevin');
      await kevin.signOut();
      const begin = performance.now();
      for (const attemptsLeft of [2, 1, 0]) {
        const client = await connect(first);
        expect(await client.refusal('session.signIn', guess('kevin'))).toMatchObject({ attemptsLeft });
      }
      const twice = await connect(first);
      expect(await twice.refusal('session.signIn', guess('nobody'))).toMatchObject({ attemptsLeft: 2 });
      expect(await twice.refusal('session.signIn', guess('nobody'))).toMatchObject({ attemptsLeft: 1 });
      await first.killHard();
      const second = await startServer({ blockSeconds: LONG_SECONDS, plaintext: true, dataFolder: first.dataFolder });
      try {
        const locked = await (await connect(second)).refusal('session.signIn', guess('kevin', PASSWORD));
        expect(locked.reason).toBe('locked');
        expect(locked.retryAfterMs).toBeGreaterThan(leastLeft(begin));
      } finally {
        await second.cleanUp();
      }
    } finally {
      for (const client of connected) client.socket.destroy();
      await first.cleanUp();
    }
  });
});
