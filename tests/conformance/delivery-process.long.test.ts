import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startServer } from '../support/server-process.ts';
import { WireClient } from '../support/wire-client.ts';
import { connectAgain, inParallel } from './setup.ts';

describe('Server after kill -9', () => {
  it('D3 A5 [ASIDE-7.3-3] [ASIDE-7.3-4] has every message that it stored', async () => {
    const first = await startServer({ plaintext: true });
    try {
      const reader = await WireClient.connect(first);
      await reader.register('reader');
      await reader.signOut();
      const sender = await WireClient.connect(first);
      await sender.register('sender');
      const id = randomUUID();
      const answer = await sender.send('reader', 'hello', id);
      await first.killHard();
      const second = await startServer({ plaintext: true, dataFolder: first.dataFolder });
      try {
        const again = await connectAgain(second, sender);
        await again.resume(sender.token);
        expect(await again.send('reader', 'hello', id)).toEqual(answer);
        const conflict = await again.refusal('message.send', { id, to: 'reader', text: 'other' });
        expect(conflict.reason).toBe('id-conflict');
        const late = await WireClient.connect(second, { autoConfirm: true });
        expect((await late.signIn('reader')).waiting).toBe(1);
        expect(await late.nextNotification('message.new')).toMatchObject({ id, text: 'hello', stored: true });
        await late.signOut();
        expect(await again.send('reader', 'hello', id)).toEqual(answer);
        expect((await (await WireClient.connect(second)).signIn('reader')).waiting).toBe(0);
        await again.drop();
      } finally {
        await second.cleanUp();
      }
    } finally {
      await first.cleanUp();
    }
  });

  it.each(['offline', 'online'])(
    'D3 D4 [ASIDE-7.2-12] [ASIDE-7.2-8] [ASIDE-7.3-2] loses and repeats no message of a stream to an %s user, and keeps the order',
    async (recipient) => {
      const args = ['--message-rate', '0'];
      let server = await startServer({ args });
      const { dataFolder, cleanUp } = server;
      const clients: WireClient[] = [];
      const seen: { id: string; text: string }[] = [];
      try {
        let sender = await WireClient.connect(server);
        await sender.register('sender');
        let reader = await WireClient.connect(server, { autoConfirm: true });
        await reader.register('reader');
        if (recipient === 'offline') await reader.signOut();
        clients.push(sender, reader);
        const outbox = Array.from({ length: 2_500 }, (_, i) => ({ id: randomUUID(), text: `${i}` }));
        const answered = new Map<string, string>();
        for (let round = 0; round < 4; round++) {
          const unanswered = outbox.filter(({ id }) => !answered.has(id));
          const killAt = answered.size + 500;
          await inParallel(unanswered, 60, async ({ id, text }) => {
            try {
              answered.set(id, (await sender.send('reader', text, id)).status);
            } catch {
              // Not answered: sent again in the next round.
            }
            if (round < 3 && answered.size >= killAt && server.pid > 0) process.kill(server.pid, 'SIGKILL');
          }).catch(() => {});
          if (round === 3) break;
          await server.exited;
          seen.push(...reader.received('message.new'));
          server = await startServer({ args, dataFolder });
          sender = await comeBack(server, sender);
          if (recipient === 'online') reader = await comeBack(server, reader);
          clients.push(sender, reader);
        }
        expect(answered.size).toBe(outbox.length);
        if (recipient === 'offline') {
          reader = await WireClient.connect(server, { autoConfirm: true });
          clients.push(reader);
          expect((await reader.signIn('reader')).waiting).toBe(outbox.length);
        }
        await sender.send('reader', 'end');
        await reader.nextNotification('message.new', ({ text }) => text === 'end');
        seen.push(...reader.received('message.new'));
        const firstSeen = [...new Map(seen.map(({ id, text }) => [id, text])).values()];
        expect(firstSeen).toEqual([...outbox.map(({ text }) => text), 'end']);
        if (recipient === 'offline') expect(seen).toHaveLength(outbox.length + 1);
      } finally {
        for (const client of clients) client.socket.destroy();
        await server.cleanUp();
        await cleanUp();
      }
    },
  );

  it('D2 D3 [ASIDE-7.5-6] [ASIDE-7.5-4] while a mailbox empties: settles each message once it is gone, and no other', async () => {
    const args = ['--message-rate', '0'];
    let server = await startServer({ args });
    const { dataFolder, cleanUp } = server;
    const clients: WireClient[] = [];
    try {
      let reader = await WireClient.connect(server);
      await reader.register('reader');
      await reader.signOut();
      let sender = await WireClient.connect(server, { autoConfirm: true });
      await sender.register('sender');
      clients.push(sender);
      const ids = Array.from({ length: 1_200 }, () => randomUUID());
      await inParallel(ids, 60, async (id) => await sender.send('reader', 'hello', id));
      const settled = new Set<string>();
      /** Ids that were settled before each restart: they must not come again. */
      const gone: Set<string>[] = [];
      const collect = (): void => {
        for (const { id, status } of sender.received('message.settled')) {
          expect(status).toBe('delivered');
          settled.add(id);
        }
      };
      for (let round = 0; round < 4; round++) {
        reader = await WireClient.connect(server, { autoConfirm: true });
        clients.push(reader);
        await reader.signIn('reader', { takeOver: true });
        if (round < 3) {
          await reader.nextNotification('message.new', ({ n }) => n === 200);
          process.kill(server.pid, 'SIGKILL');
          await server.exited;
          collect();
          const before = new Set(settled);
          server = await startServer({ args, dataFolder });
          sender = await comeBack(server, sender);
          clients.push(sender);
          gone.push(before);
        }
        for (const { id } of reader.received('message.new')) {
          expect(gone.slice(0, round).some((before) => before.has(id))).toBe(false);
        }
      }
      await expect.poll(() => (collect(), settled.size), { timeout: 20_000 }).toBe(ids.length);
      for (const { id } of reader.received('message.new')) expect(settled).toContain(id);
      await sender.drop();
      const last = await comeBack(server, sender);
      clients.push(last);
      await last.caughtUp();
      expect(last.received('message.settled')).toEqual([]);
    } finally {
      for (const client of clients) client.socket.destroy();
      await server.cleanUp();
      await cleanUp();
    }
  });
});

/** Resumes after a restart with the token of before; its newest one may have been lost with the answer. */
async function comeBack(
  server: { port: number; certificate: string | undefined },
  former: WireClient,
): Promise<WireClient> {
  const client = await connectAgain(server, former);
  await client.resume(former.token);
  return client;
}
