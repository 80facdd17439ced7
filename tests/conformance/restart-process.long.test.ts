import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../support/server-process.ts';
import { WireClient } from '../support/wire-client.ts';
import { connectAgain } from './setup.ts';

/** Runs a story over several servers on one data folder, and cleans up whatever comes of it. */
async function story(
  tell: (stage: {
    first: RunningServer;
    restart(): Promise<RunningServer>;
    person(server: RunningServer, name: string, autoConfirm?: boolean): Promise<WireClient>;
  }) => Promise<void>,
): Promise<void> {
  const first = await startServer();
  const servers = [first];
  const clients: WireClient[] = [];
  try {
    await tell({
      first,
      restart: async () => {
        const server = await startServer({ dataFolder: first.dataFolder });
        servers.push(server);
        return server;
      },
      person: async (server, name, autoConfirm = true) => {
        const client = await WireClient.connect(server, { autoConfirm });
        clients.push(client);
        await client.register(name);
        return client;
      },
    });
  } finally {
    for (const client of clients) client.socket.destroy();
    for (const server of servers.toReversed()) await server.cleanUp();
  }
}

describe('Stopping server', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'A6 [ASIDE-9-1] [ASIDE-9-2] on %s tells all clients when to reconnect, stores unanswered messages, and exits with 0 within 5 s',
    async (signal) => {
      await story(async ({ first, restart, person }) => {
        const sender = await person(first, 'sender');
        const reader = await person(first, 'reader', false);
        // Not answered where the sender's connection goes first; then it would be sent again.
        const outcome = sender.send('reader', 'under way').then(
          ({ status }) => status,
          () => 'not answered',
        );
        await reader.nextNotification('message.new');
        const start = performance.now();
        const exited = first.stop(signal);
        for (const client of [sender, reader]) {
          const ended = await client.nextNotification('session.ended');
          expect(ended).toEqual({ reason: 'server-stopping', retryAfterMs: expect.any(Number) });
          expect(ended.retryAfterMs).toBeGreaterThan(0);
          await client.closed;
        }
        expect(await exited).toEqual({ code: 0, signal: null });
        expect(performance.now() - start).toBeLessThan(5_000);
        expect(await outcome).toMatch(/^(stored|not answered)$/);
        const second = await restart();
        const again = await connectAgain(second, reader);
        await again.resume(reader.token);
        expect(await again.nextNotification('message.new')).toMatchObject({ text: 'under way', stored: true });
        await again.drop();
      });
    },
  );

  it('A6 [ASIDE-9-2] accepts no new connections, and ends even if a client does not read', async () => {
    await story(async ({ first, person }) => {
      const deaf = await person(first, 'deaf');
      deaf.socket.pause();
      const exited = first.stop();
      await first.exited;
      expect((await exited).code).toBe(0);
      const socket = net.connect(first.port, '127.0.0.1');
      const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
      expect(error.code).toBe('ECONNREFUSED');
    });
  });

  it('A6 ends at once on a second signal', async () => {
    await story(async ({ first, person }) => {
      // One who does not read is waited for, but not after the second signal, which is known by its exit code.
      (await person(first, 'deaf')).socket.pause();
      process.kill(first.pid, 'SIGTERM');
      await expect.poll(() => first.stderr(), { interval: 5 }).toContain('stopping');
      process.kill(first.pid, 'SIGTERM');
      expect(await first.exited).toEqual({ code: 1, signal: null });
    });
  });
});

describe('Restarted server', () => {
  it('A5 [ASIDE-4-2] [ASIDE-5.5-7] [ASIDE-8-3] [ASIDE-9-2] has its accounts, tokens, blacklists, mailboxes and certificate', async () => {
    await story(async ({ first, restart, person }) => {
      const kevin = await person(first, 'kevin');
      const blocked = await person(first, 'blocked');
      const away = await person(first, 'away');
      await kevin.request('blacklist.add', { username: 'blocked' });
      await away.signOut();
      await kevin.send('away', 'see you');
      await first.stop();
      const second = await restart();
      expect(second.certificate).toBe(first.certificate);
      expect(second.fingerprint).toBe(first.fingerprint);
      const again = await connectAgain(second, kevin);
      expect(again.hello.server.id).toBe(kevin.hello.server.id);
      await again.resume(kevin.token);
      expect((await again.request('blacklist.list', {})).users).toEqual(['blocked']);
      const blockedAgain = await connectAgain(second, blocked);
      expect((await blockedAgain.resume(blocked.token)).online.map(({ username }) => username)).toEqual([]);
      const message = { id: crypto.randomUUID(), to: 'kevin', text: 'hello' };
      expect((await blockedAgain.refusal('message.send', message)).reason).toBe('blocked');
      const back = await WireClient.connect(second);
      expect((await back.signIn('away')).waiting).toBe(1);
      expect(await back.nextNotification('message.new')).toMatchObject({ from: 'kevin', text: 'see you' });
      for (const client of [again, blockedAgain, back]) await client.drop();
    });
  });
});
