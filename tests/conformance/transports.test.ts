import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PASSWORD } from '../support/wire-client.ts';
import { inParallel, useServer } from './setup.ts';

/** The heart of the protocol, the same with and without TLS. */
describe.each([
  ['TLS', false],
  ['plaintext', true],
])('Server over %s', (_name, plaintext) => {
  const stage = useServer({ plaintext, args: ['--message-rate', '0'] });

  it('[ASIDE-2.1-3] serves users that sign in, send, leave and return', async () => {
    const [kevin, anna] = [await stage.person('kevin'), await stage.person('anna', { autoConfirm: true })];
    expect((await kevin.send(anna.username, 'hello\nthere 😀')).status).toBe('delivered');
    expect((await anna.nextNotification('message.new')).text).toBe('hello\nthere 😀');
    await kevin.request('message.broadcast', { id: randomUUID(), text: 'all' });
    await anna.nextNotification('broadcast.new', ({ from }) => from === kevin.username);
    await anna.signOut();
    expect((await kevin.nextNotification('presence.changed', ({ online }) => !online)).reason).toBe('signed-out');
    expect((await kevin.send(anna.username, 'later')).status).toBe('stored');
    const again = await stage.connect();
    expect((await again.signIn(anna.username)).waiting).toBe(1);
    expect(await again.nextNotification('message.new')).toMatchObject({ text: 'later', stored: true });
    await kevin.drop();
    const back = await stage.connect({ device: kevin.device });
    await back.resume(kevin.token);
    await back.request('blacklist.add', { username: anna.username });
    const refusal = await again.refusal('message.send', { id: randomUUID(), to: kevin.username, text: 'x' });
    expect(refusal.reason).toBe('blocked');
  });

  it('[ASIDE-2.2-1] [ASIDE-7.2-8] keeps the order of thousands of messages', async () => {
    const [kevin, anna] = [await stage.person('kevin'), await stage.person('anna', { autoConfirm: true })];
    const texts = Array.from({ length: 3_000 }, (_, i) => `${i} ${'x'.repeat(i % 200)}`);
    const answers = await inParallel(texts, 60, async (text) => await kevin.send(anna.username, text));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['delivered']));
    expect(anna.received('message.new').map(({ text }) => text)).toEqual(texts);
  });

  it('[ASIDE-2.2-5] [ASIDE-3.5-3] disconnects a client that breaks the protocol, with the reason', async () => {
    const long = await stage.connect();
    long.sendRaw('x'.repeat(5_000));
    expect((await long.nextNullError()).data.reason).toBe('line-too-long');
    await long.closed;
    const odd = await stage.connect();
    odd.sendRaw('?\n'.repeat(8));
    await odd.nextNotification('session.ended', ({ reason }) => reason === 'protocol');
    await odd.closed;
    expect(odd.lines.filter((line) => line.error?.data.reason === 'parse')).toHaveLength(8);
  });

  it('[ASIDE-5.3-2] closes the connection after three failed passwords', async () => {
    const username = await stage.absent();
    const client = await stage.connect();
    for (const attemptsLeft of [2, 1, 0]) {
      const params = { username, password: `${PASSWORD}?`, device: client.device };
      expect(await client.refusal('session.signIn', params)).toMatchObject({
        reason: 'wrong-credentials',
        attemptsLeft,
      });
    }
    await client.nextNotification('session.ended', ({ reason }) => reason === 'locked');
    await client.closed;
  });
});
