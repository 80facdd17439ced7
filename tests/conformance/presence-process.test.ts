import { describe, expect, it } from 'vitest';
import { startServer } from '../support/server-process.ts';
import { WireClient } from '../support/wire-client.ts';

describe('Presence history', () => {
  it('C3 A5 [ASIDE-6.3-2] survives a restart and a kill', async () => {
    const first = await startServer({ plaintext: true });
    try {
      const early = await WireClient.connect(first);
      await early.register('early');
      await early.signOut();
      const late = await WireClient.connect(first);
      await late.register('late');
      // The server stores arrivals in the background; a later message that is stored shows that the arrival is on disk.
      await late.send('early', 'good night');
      await first.killHard();
      const second = await startServer({ plaintext: true, dataFolder: first.dataFolder });
      try {
        const asker = await WireClient.connect(second);
        await asker.register('asker');
        const { users } = await asker.request('presence.history', { seconds: 60 });
        const early2 = users.find(({ username }) => username === 'early');
        const late2 = users.find(({ username }) => username === 'late');
        expect(early2?.intervals).toEqual([[expect.any(Number), expect.any(Number)]]);
        expect(late2?.intervals).toHaveLength(1);
        await asker.drop();
      } finally {
        await second.cleanUp();
      }
    } finally {
      await first.cleanUp();
    }
  });
});
