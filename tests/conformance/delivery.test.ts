import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WireClient } from '../support/wire-client.ts';
import { connectAgain, inParallel, useServer } from './setup.ts';

const stage = useServer({ args: ['--message-rate', '0'] });

const texts = (client: WireClient): string[] => client.received('message.new').map(({ text }) => text);

describe('Server', () => {
  it('D3 [ASIDE-7.2-5] [ASIDE-7.1-3] stores messages without a confirmation after 2 s, in order, and sends them again', async () => {
    const sender = await stage.person();
    const reader = await stage.person();
    const start = performance.now();
    const first = sender.send(reader.username, 'one');
    const second = sender.send(reader.username, 'two');
    expect((await first).status).toBe('stored');
    expect((await second).status).toBe('stored');
    expect(performance.now() - start).toBeGreaterThan(1_900);
    expect(performance.now() - start).toBeLessThan(10_000);
    await sender.send(reader.username, 'three', randomUUID());
    await reader.drop();
    const again = await connectAgain(stage.server, reader);
    const { waiting } = await again.resume(reader.token);
    expect(waiting).toBe(3);
    await again.nextNotification('message.new', ({ n }) => n === 3);
    expect(texts(again)).toEqual(['one', 'two', 'three']);
    await again.drop();
  });

  it('D3 D4 [ASIDE-7.2-5] [ASIDE-7.2-8] repeats no message on a later connection after a late confirmation, and keeps the order', async () => {
    const sender = await stage.person();
    const reader = await stage.person();
    for (const text of ['one', 'two']) expect((await sender.send(reader.username, text)).status).toBe('stored');
    reader.notify('message.confirm', { through: 2 });
    const third = sender.send(reader.username, 'three');
    const newest = await reader.nextNotification('message.new', ({ text }) => text === 'three');
    reader.notify('message.confirm', { through: newest.n });
    await third;
    await reader.signOut();
    expect([...new Set(texts(reader))]).toEqual(['one', 'two', 'three']);
    const again = await stage.connect();
    expect((await again.signIn(reader.username)).waiting).toBe(0);
  });

  it('D3 [ASIDE-7.2-6] stores unconfirmed messages in order when the recipient loses the connection', async () => {
    const sender = await stage.person();
    const reader = await stage.person();
    const answers = Array.from({ length: 20 }, async (_, i) => await sender.send(reader.username, `${i}`));
    await reader.nextNotification('message.new', ({ n }) => n === 20);
    reader.notify('message.confirm', { through: 5 });
    await reader.caughtUp();
    await reader.drop();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses).toEqual(Array.from({ length: 20 }, (_, i) => (i < 5 ? 'delivered' : 'stored')));
    expect((await sender.send(reader.username, '20')).status).toBe('stored');
    const again = await connectAgain(stage.server, reader);
    expect((await again.resume(reader.token)).waiting).toBe(16);
    await again.nextNotification('message.new', ({ n }) => n === 16);
    expect(texts(again)).toEqual(Array.from({ length: 16 }, (_, i) => `${i + 5}`));
    await again.drop();
  });

  it('D3 [ASIDE-7.2-6] stores unconfirmed messages when the recipient signs out', async () => {
    const sender = await stage.person();
    const reader = await stage.person();
    const answer = sender.send(reader.username, 'unconfirmed');
    await reader.nextNotification('message.new');
    await reader.signOut();
    expect((await answer).status).toBe('stored');
    const again = await stage.connect();
    expect((await again.signIn(reader.username)).waiting).toBe(1);
  });

  it('D3 D4 [ASIDE-7.2-8] [ASIDE-7.2-9] loses and reorders no message of a stream while the recipient reconnects repeatedly', async () => {
    const sender = await stage.person();
    const reader = await stage.person('reader', { autoConfirm: true });
    const total = 3_000;
    const seen: string[] = [];
    const known = new Set<string>();
    let current = reader;
    const note = (client: WireClient): void => {
      for (const { id, text } of client.received('message.new')) {
        if (known.has(id)) continue;
        known.add(id);
        seen.push(text);
      }
    };
    let done = 0;
    const sending = inParallel(
      Array.from({ length: total }, (_, i) => `${i}`),
      40,
      async (text) => {
        const answer = await sender.send(reader.username, text);
        done += 1;
        return answer;
      },
    );
    for (let round = 0; round < 6; round++) {
      // If everything was sent before, no further message may come.
      await Promise.race([current.nextNotification('message.new', () => true), sending]);
      const until = done + total / 10;
      await new Promise<void>((resolve) => {
        const look = (): void => {
          if (done >= until || done >= total) resolve();
          else setTimeout(look, 1);
        };
        look();
      });
      await current.drop();
      note(current);
      const next = await connectAgain(stage.server, current);
      await next.resume(current.token);
      current = next;
    }
    await sending;
    await sender.send(reader.username, 'end');
    await current.nextNotification('message.new', ({ text }) => text === 'end');
    note(current);
    await current.drop();
    expect(seen).toEqual([...Array.from({ length: total }, (_, i) => `${i}`), 'end']);
  });
});

describe('Sender', () => {
  it('D3 D8 [ASIDE-7.3-1] [ASIDE-7.3-2] can repeat a message whose answer was lost, and the message arrives once', async () => {
    const sender = await stage.person();
    const reader = await stage.person();
    const id = randomUUID();
    void sender.send(reader.username, 'hello', id).catch(() => {});
    await reader.nextNotification('message.new');
    await sender.drop();
    const again = await connectAgain(stage.server, sender);
    await again.resume(sender.token);
    const answer = again.send(reader.username, 'hello', id);
    await again.caughtUp();
    reader.notify('message.confirm', { through: 1 });
    expect((await answer).status).toBe('delivered');
    await reader.caughtUp();
    expect(reader.received('message.new')).toHaveLength(1);
    await again.drop();
  });
});
