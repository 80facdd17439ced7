import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Refused } from '../support/wire-client.ts';
import { inParallel, useServer } from './setup.ts';

const unlimited = useServer({ args: ['--message-rate', '0'] });
const limited = useServer({ args: ['--message-rate', '4'], plaintext: true });

describe('Connection limit', () => {
  it('I3 [ASIDE-2.4-2] does not count loopback connections by address', async () => {
    const clients = await inParallel(Array.from({ length: 1_100 }), 50, async () => await limited.connect());
    // Each was greeted, and none turned away; a slow machine takes longer over all than one may stay without signing in.
    await (await limited.connect()).caughtUp();
    const reasons = clients.flatMap(({ lines }) => lines.flatMap(({ error }) => error?.data.reason ?? []));
    expect(reasons.filter((reason) => reason !== 'sign-in-timeout')).toEqual([]);
  });
});

describe('Message rate', () => {
  it('I3 D2 [ASIDE-7.1-8] [ASIDE-3.2-4] is limited by user: messages above it are refused with the time to wait, without a delay for other users', async () => {
    const sender = await limited.person();
    const other = await limited.person();
    const away = await limited.absent();
    expect(sender.hello.limits).toMatchObject({ messagesPerSecond: 4, messageBurst: 20 });
    const begin = performance.now();
    const outcomes = await inParallel(Array.from({ length: 40 }), 40, async (_, i) => {
      const id = randomUUID();
      try {
        if (i % 2 === 0) await sender.send(away, `${i}`, id);
        else await sender.request('message.broadcast', { id, text: `${i}` });
        return 'sent';
      } catch (error) {
        if (error instanceof Refused) return error;
        throw error;
      }
    });
    // The limit may have allowed this many more meanwhile; the first refusal pauses it for a second.
    const cameBack = Math.ceil((4 * (performance.now() - begin)) / 1_000);
    const refused = outcomes.filter((outcome) => outcome instanceof Refused);
    expect(refused).not.toEqual([]);
    expect(outcomes.filter((outcome) => outcome === 'sent').length).toBeGreaterThanOrEqual(20);
    expect(outcomes.filter((outcome) => outcome === 'sent').length).toBeLessThanOrEqual(20 + cameBack);
    for (const { reason, retryAfterMs } of refused) {
      expect(reason).toBe('slow-down');
      expect(retryAfterMs).toBeGreaterThan(0);
      expect(retryAfterMs).toBeLessThanOrEqual(10_000);
    }
    expect((await other.send(away, 'not my fault')).status).toBe('stored');
    const wait = Math.max(...refused.map(({ retryAfterMs = 0 }) => retryAfterMs));
    await new Promise((resolve) => setTimeout(resolve, wait));
    expect((await sender.send(away, 'patient')).status).toBe('stored');
  });

  it('I3 [ASIDE-7.1-8] is limited over all connections of a user', async () => {
    const sender = await limited.person();
    const away = await limited.absent();
    const send = async (client: typeof sender): Promise<string> =>
      await client.send(away, 'x').then(
        ({ status }) => status,
        (error: unknown) => (error instanceof Refused ? error.reason : 'failed'),
      );
    for (let i = 0; i < 40; i++) await send(sender);
    await sender.drop();
    const again = await limited.connect({ device: sender.device });
    await again.resume(sender.token);
    // As many as a full burst, if a new connection got a new one.
    const outcomes = await inParallel(Array.from({ length: 20 }), 20, async () => await send(again));
    expect(outcomes).toContain('slow-down');
  });
});

describe('Request rate', () => {
  it('I3 [ASIDE-3.1-10] is limited by connection: requests above it are refused, without a delay for other users', async () => {
    const busy = await unlimited.person();
    const bystander = await unlimited.person();
    const outcomes: string[] = [];
    // 200 come back each second: on a slow machine it takes more of them.
    while (outcomes.length < 10_000 && !outcomes.includes('slow-down')) {
      const more = await inParallel(Array.from({ length: 500 }), 60, async () => {
        return await busy.request('session.ping', {}).then(
          () => 'answered',
          (error: unknown) => (error instanceof Refused ? error.reason : 'failed'),
        );
      });
      outcomes.push(...more);
    }
    expect(new Set(outcomes)).toEqual(new Set(['answered', 'slow-down']));
    expect(outcomes.filter((outcome) => outcome === 'answered').length).toBeGreaterThanOrEqual(1_000);
    await bystander.caughtUp();
  });
});

describe('Mailbox', () => {
  it('I3 D2 [ASIDE-7.1-7] holds 10,000 messages, keeps them when it is full, and fills no other mailbox', async () => {
    const away = await unlimited.absent();
    const senders = [await unlimited.person(), await unlimited.person()];
    const outcomes = await Promise.all(
      senders.map(
        async (sender) =>
          await inParallel(
            Array.from({ length: 5_050 }),
            60,
            async (_, i) =>
              await sender.send(away, `${i}`).then(
                ({ status }) => status,
                (error: unknown) => (error instanceof Refused ? error.reason : 'failed'),
              ),
          ),
      ),
    );
    const all = outcomes.flat();
    expect(all.filter((outcome) => outcome === 'stored')).toHaveLength(10_000);
    expect(all.filter((outcome) => outcome === 'mailbox-full')).toHaveLength(100);
    expect((await senders[0]?.send(await unlimited.absent(), 'room'))?.status).toBe('stored');
    const reader = await unlimited.connect({ autoConfirm: true });
    expect((await reader.signIn(away)).waiting).toBe(10_000);
    await reader.nextNotification('message.new', ({ n }) => n === 10_000, 20_000);
    await reader.caughtUp();
    expect((await senders[0]?.send(away, 'again'))?.status).toBe('delivered');
  });
});

describe('Mailbox of long texts', () => {
  it.each([
    ['plain', 'x', 8_000],
    ['six times as long in JSON', '\u0001', 8_000],
    ['of four bytes each', '🙂', 2_000],
  ])('D1 D3 [ASIDE-7.2-11] reaches a client that reads: 200 texts, %s', async (_name, character, count) => {
    const away = await unlimited.absent();
    const sender = await unlimited.person();
    const text = character.repeat(count);
    await inParallel(Array.from({ length: 200 }), 60, async () => await sender.send(away, text));
    const reader = await unlimited.connect({ autoConfirm: true });
    expect((await reader.signIn(away)).waiting).toBe(200);
    await reader.nextNotification('message.new', ({ n }) => n === 200, 20_000);
    await reader.caughtUp();
    expect((await sender.send(away, 'live again')).status).toBe('delivered');
    expect(reader.received('session.ended')).toEqual([]);
  });
});

describe('Client that does not read', () => {
  it('I3 D3 [ASIDE-7.2-11] [ASIDE-9-1] is left out of broadcasts; its messages stay in the mailbox, and other clients are not delayed', async () => {
    const sender = await unlimited.person();
    const bystander = await unlimited.person('bystander', { autoConfirm: true });
    const deaf = await unlimited.person('deaf');
    await bystander.nextNotification('presence.changed', ({ username }) => username === deaf.username);
    deaf.socket.pause();
    const kept = sender.send(deaf.username, 'to be kept');
    const text = 'x'.repeat(8_192);
    let broadcasts = 0;
    for (; broadcasts < 6_000; broadcasts += 60) {
      const results = await inParallel(
        Array.from({ length: 60 }),
        60,
        async () => await sender.request('message.broadcast', { id: randomUUID(), text }),
      );
      if ((results.at(-1)?.recipients ?? 0) < (results[0]?.recipients ?? 0)) break;
    }
    expect(broadcasts).toBeLessThan(6_000);
    expect((await kept).status).toBe('stored');
    expect((await sender.send(bystander.username, 'still quick?')).status).toBe('delivered');
    const again = await unlimited.connect({ device: deaf.device, autoConfirm: true });
    expect((await again.resume(deaf.token)).waiting).toBe(1);
    expect((await again.nextNotification('message.new')).text).toBe('to be kept');
    deaf.socket.resume();
    await deaf.closed;
    // A busy machine may take so long that the server has ended the session before.
    const [ended] = deaf.received('session.ended');
    if (ended !== undefined) expect(ended.reason).toMatch(/^(?:too-slow|replaced)$/);
  });
});
