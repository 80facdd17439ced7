import { describe, expect, it } from 'vitest';
import type { WireClient } from '../support/wire-client.ts';
import { newDevice, PASSWORD, Refused } from '../support/wire-client.ts';
import { connectAgain, newName, type Stage, useServer } from './setup.ts';

const BLOCK_SECONDS = 4;
const LONG_SECONDS = 60;
const stage = useServer({ blockSeconds: BLOCK_SECONDS });
const long = useServer({ blockSeconds: LONG_SECONDS });

/** The least that may be left of a long lock that began after `begin`, by `performance.now()`. */
const leastLeft = (begin: number): number => LONG_SECONDS * 1_000 - (performance.now() - begin) - 100;

const guess = (username: string, password = 'wrong password'): object => ({ username, password, device: newDevice() });

/** Three failed passwords, each on a connection of its own. @returns what the third connection was told */
async function lock(where: Stage, username: string): Promise<WireClient> {
  for (const attemptsLeft of [2, 1]) {
    const client = await where.connect();
    expect(await client.refusal('session.signIn', guess(username))).toMatchObject({ attemptsLeft });
    await client.drop();
  }
  const third = await where.connect();
  expect(await third.refusal('session.signIn', guess(username))).toMatchObject({ attemptsLeft: 0 });
  return third;
}

describe('Three failed passwords', () => {
  it('B2 [ASIDE-5.3-1] [ASIDE-5.3-2] [ASIDE-5.3-4] lock the account, over several connections; the third connection gets the reason and is closed', async () => {
    const username = await long.absent();
    const begin = performance.now();
    const third = await lock(long, username);
    await third.closed;
    const [refusal, ended] = third.lines.slice(1);
    expect(refusal?.error?.data).toEqual({
      reason: 'wrong-credentials',
      attemptsLeft: 0,
      retryAfterMs: expect.any(Number),
    });
    expect(ended).toEqual({
      jsonrpc: '2.0',
      method: 'session.ended',
      params: { reason: 'locked', retryAfterMs: expect.any(Number) },
    });
    expect(refusal?.error?.data.retryAfterMs).toBeGreaterThan(leastLeft(begin));
    expect(refusal?.error?.data.retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('B2 [ASIDE-5.3-3] make the server refuse every sign-in with the time left, also with the right password', async () => {
    const username = await long.absent();
    const begin = performance.now();
    await lock(long, username);
    for (const password of [PASSWORD, 'wrong password', '']) {
      const client = await long.connect();
      const refusal = await client.refusal('session.signIn', { ...guess(username, password), takeOver: true });
      expect(refusal.reason).toBe('locked');
      expect(refusal.retryAfterMs).toBeGreaterThan(leastLeft(begin));
      expect(refusal.retryAfterMs).toBeLessThanOrEqual(60_000);
    }
    const upper = await (await long.connect()).refusal('session.signIn', guess(username.toUpperCase(), PASSWORD));
    expect(upper.reason).toBe('locked');
  });

  it('B2 [ASIDE-5.3-7] lock the account for blockSeconds, followed by three new attempts', async () => {
    const username = await stage.absent();
    const second = await stage.connect();
    const start = performance.now();
    const third = await lock(stage, username);
    const { retryAfterMs = 0 } = third.received('session.ended')[0] ?? {};
    expect(retryAfterMs).toBeLessThanOrEqual(BLOCK_SECONDS * 1_000);
    const early = await second.refusal('session.signIn', guess(username, PASSWORD));
    expect(early.reason).toBe('locked');
    await new Promise((resolve) => setTimeout(resolve, early.retryAfterMs));
    expect(performance.now() - start).toBeGreaterThan(BLOCK_SECONDS * 1_000 - 100);
    const client = await stage.connect();
    expect(await client.refusal('session.signIn', guess(username))).toMatchObject({ attemptsLeft: 2 });
    await client.signIn(username);
  });

  it('B2 [ASIDE-5.3-5] lock the account only in a row: a right password between them clears the count', async () => {
    const username = await long.absent();
    for (let round = 0; round < 3; round++) {
      const client = await long.connect();
      for (const attemptsLeft of [2, 1]) {
        expect(await client.refusal('session.signIn', guess(username))).toMatchObject({ attemptsLeft });
      }
      await client.signIn(username);
      await client.signOut();
    }
  });

  it('B2 [ASIDE-5.3-6] change neither a session nor its token', async () => {
    const kevin = await long.person();
    await lock(long, kevin.username);
    await kevin.caughtUp();
    expect(kevin.received('session.ended')).toEqual([]);
    await kevin.drop();
    const again = await connectAgain(long.server, kevin);
    await again.resume(kevin.token);
    await again.drop();
  });

  it('B2 [ASIDE-5.2-3] lock an unknown username in the same way', async () => {
    const username = newName('nobody');
    const begin = performance.now();
    const third = await lock(long, username);
    await third.closed;
    expect(third.received('session.ended')).toMatchObject([{ reason: 'locked' }]);
    const after = await (await long.connect()).refusal('session.signIn', guess(username));
    expect(after.reason).toBe('locked');
    expect(after.retryAfterMs).toBeGreaterThan(leastLeft(begin));
  });

  it('B2 [ASIDE-5.3-8] lock the account also if they come with a change or a deletion', async () => {
    const kevin = await long.person();
    const wrong = 'wrong password';
    const first = await kevin.refusal('account.changePassword', { password: wrong, newPassword: PASSWORD });
    expect(first).toMatchObject({ reason: 'wrong-credentials', attemptsLeft: 2 });
    expect(await kevin.refusal('account.delete', { password: wrong })).toMatchObject({ attemptsLeft: 1 });
    const elsewhere = await long.connect();
    expect(await elsewhere.refusal('session.signIn', guess(kevin.username))).toMatchObject({ attemptsLeft: 0 });
    await elsewhere.closed;
    expect((await kevin.refusal('account.delete', { password: PASSWORD })).reason).toBe('locked');
    await kevin.caughtUp();
  });
});

describe('Three failed passwords in a session', () => {
  it('B2 [ASIDE-5.3-8] [ASIDE-5.3-6] lock the account, and the session continues', async () => {
    const kevin = await long.person();
    for (const attemptsLeft of [2, 1, 0]) {
      expect(await kevin.refusal('account.delete', { password: 'wrong password' })).toMatchObject({ attemptsLeft });
    }
    expect((await kevin.refusal('account.delete', { password: PASSWORD })).reason).toBe('locked');
    expect(kevin.received('session.ended')).toEqual([]);
    const refusal = await (await long.connect()).refusal('session.signIn', guess(kevin.username, PASSWORD));
    expect(refusal.reason).toBe('locked');
  });
});

describe('200 simultaneous passwords', () => {
  it('B2 [ASIDE-5.3-3] [ASIDE-5.3-4] lead to three checks, also with the right one among them', async () => {
    const username = await long.absent();
    const clients = await Promise.all(Array.from({ length: 200 }, () => long.connect()));
    const late = await long.connect();
    let right: Promise<Refused> | undefined;
    const outcomes = await Promise.all(
      clients.map(async (client, i) => {
        const refusal = await client.refusal('session.signIn', guess(username, `wrong password ${i}`), 30_000);
        // While most of the others are still under way.
        if (refusal.reason === 'locked') right ??= late.refusal('session.signIn', guess(username, PASSWORD));
        return refusal;
      }),
    );
    const judged = outcomes.filter(({ reason }) => reason === 'wrong-credentials');
    expect(judged).toHaveLength(3);
    expect(new Set(judged.map(({ attemptsLeft }) => attemptsLeft))).toEqual(new Set([0, 1, 2]));
    expect(outcomes.filter(({ reason }) => reason === 'locked')).toHaveLength(197);
    expect((await right)?.reason).toBe('locked');
  });

  it('B2 [ASIDE-5.3-4] [ASIDE-5.3-5] give no advantage if the right one is among them', async () => {
    const username = await long.absent();
    const clients = await Promise.all(Array.from({ length: 60 }, () => long.connect()));
    const reasons = await Promise.all(
      clients.map(async (client, i) => {
        const params = guess(username, i % 20 === 7 ? PASSWORD : `wrong password ${i}`);
        return await client.call('session.signIn', params, { waitMs: 30_000 }).then(
          () => 'right',
          (error: unknown) => (error instanceof Refused ? error.reason : 'failed'),
        );
      }),
    );
    const times = (wanted: string): number => reasons.filter((reason) => reason === wanted).length;
    const right = times('right') + times('already-online');
    expect(times('wrong-credentials')).toBeLessThanOrEqual(3 + 3 * right);
    expect(times('wrong-credentials') + right + times('locked')).toBe(60);
  });
});
