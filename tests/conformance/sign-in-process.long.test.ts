import { describe, expect, it } from 'vitest';
import { PASSWORD } from '../support/wire-client.ts';
import { newName, useServer } from './setup.ts';

const stage = useServer();

describe('Sign-in', () => {
  it('[ASIDE-5.2-3] takes the same time for an unknown username', async () => {
    const known: number[] = [];
    const unknown: number[] = [];
    // The fastest of each: what else the machine does makes others slower, and none faster. On a busy one it takes more of them.
    const ratio = (): number => Math.min(...unknown) / Math.min(...known);
    for (let i = 0; i < 9 || (i < 40 && Math.abs(Math.log2(ratio())) > 1); i++) {
      for (const [times, username] of [
        [known, await stage.absent()],
        [unknown, newName('nobody')],
      ] as const) {
        const client = await stage.connect();
        const start = performance.now();
        await client.refusal('session.signIn', { username, password: 'wrong password', device: client.device });
        times.push(performance.now() - start);
      }
    }
    expect(ratio()).toBeGreaterThan(0.5);
    expect(ratio()).toBeLessThan(2);
  });

  it('I3 [ASIDE-5.2-4] [ASIDE-3.2-4] refuses passwords above the hashing capacity, and delays no other client', async () => {
    const bystander = await stage.person();
    const clients = await Promise.all(Array.from({ length: 480 }, () => stage.connect()));
    const outcomes = Promise.all(
      clients.map((client) =>
        client.refusal(
          'session.signIn',
          { username: newName('nobody'), password: PASSWORD, device: client.device },
          50_000,
        ),
      ),
    );
    await bystander.caughtUp();
    const reasons = (await outcomes).map(({ reason }) => reason);
    expect(new Set(reasons)).toEqual(new Set(['wrong-credentials', 'slow-down']));
  });
});
