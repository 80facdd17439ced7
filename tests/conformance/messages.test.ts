import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { inParallel, newName, useServer } from './setup.ts';

const stage = useServer({ args: ['--message-rate', '0'] });

describe('Message to an online user', () => {
  it('D1 D2 [ASIDE-7.1-1] [ASIDE-7.1-2] [ASIDE-7.1-4] [ASIDE-7.2-1] [ASIDE-7.2-2] arrives at once; the answer waits for the confirmation', async () => {
    const sender = await stage.person();
    const reader = await stage.person();
    const id = randomUUID();
    const before = Date.now();
    const answer = sender.send(reader.username.toUpperCase(), 'hello', id);
    const arrived = await reader.nextNotification('message.new', () => true, 1_000);
    expect(arrived).toEqual({ n: 1, id, from: sender.username, text: 'hello', at: expect.any(Number), stored: false });
    await sender.caughtUp();
    expect(sender.lines.filter((line) => line.result !== undefined)).toHaveLength(2);
    reader.notify('message.confirm', { through: 1 });
    expect(await answer).toEqual({ status: 'delivered', at: arrived.at });
    expect(arrived.at).toBeGreaterThanOrEqual(before);
    expect(arrived.at).toBeLessThanOrEqual(Date.now());
  });

  it('D4 [ASIDE-7.2-1] [ASIDE-7.2-8] keeps its place: 2,000 arrive in the order of sending', async () => {
    const reader = await stage.person('reader', { autoConfirm: true });
    const senders = await Promise.all([stage.person(), stage.person()]);
    const texts = Array.from({ length: 1_000 }, (_, i) => `${i}`);
    await Promise.all(
      senders.map(async (sender) => {
        const answers = await inParallel(texts, 50, async (text) => await sender.send(reader.username, text));
        expect(answers.filter(({ status }) => status === 'delivered')).toHaveLength(1_000);
      }),
    );
    const received = reader.received('message.new');
    expect(received.map(({ n }) => n)).toEqual(Array.from({ length: 2_000 }, (_, i) => i + 1));
    for (const sender of senders) {
      expect(received.filter(({ from }) => from === sender.username).map(({ text }) => text)).toEqual(texts);
    }
  });

  it('[ASIDE-7.2-2] is confirmed together with those before it', async () => {
    const sender = await stage.person();
    const reader = await stage.person();
    const answers = Array.from({ length: 10 }, async (_, i) => await sender.send(reader.username, `${i}`));
    await reader.nextNotification('message.new', ({ n }) => n === 10);
    reader.notify('message.confirm', { through: 10 });
    for (const { status } of await Promise.all(answers)) expect(status).toBe('delivered');
  });

  it('[ASIDE-7.2-10] is not confirmed by a number above those that were sent', async () => {
    const sender = await stage.person();
    const reader = await stage.person();
    reader.notify('message.confirm', { through: Number.MAX_SAFE_INTEGER });
    reader.notify('message.confirm', { through: 1 });
    await reader.caughtUp();
    const answer = sender.send(reader.username, 'hello');
    await reader.nextNotification('message.new');
    await sender.caughtUp();
    expect(sender.lines.filter((line) => line.result !== undefined)).toHaveLength(2);
    reader.notify('message.confirm', { through: 1 });
    expect((await answer).status).toBe('delivered');
  });

  it.each([
    ['everything that JSON escapes', '\u0000\u0001\t\n\r\u001f"\\/\u007f\u0085\u2028\u2029'],
    ['combining marks, kept uncomposed', 'e\u0301 é \u1112\u1161\u11ab'],
    ['emoji', '👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽'],
    ['right to left', '\u202eשלום\u202c مرحبا'],
    ['the edges of Unicode', '\ufeff\uffff\ufffe\ud7ff\ue000\u{10000}\u{10ffff}'],
    ['white space only', ' \n\n\u00a0 '],
    ['what looks like a command', '{"jsonrpc":"2.0","method":"session.ended","params":{"reason":"locked"}}\n'],
    ['one byte', 'x'],
    ['8,192 bytes of 1', 'x'.repeat(8_192)],
    ['8,192 bytes of 2', 'ß'.repeat(4_096)],
    ['8,192 bytes of 3', `${'€'.repeat(2_730)}ß`],
    ['8,192 bytes of 4', '😀'.repeat(2_048)],
    ['8,192 control characters', '\u0001'.repeat(8_192)],
  ])('D5 [ASIDE-7.1-5] [ASIDE-2.2-4] arrives byte for byte: %s', async (_what, text) => {
    const sender = await stage.person();
    const reader = await stage.person('reader', { autoConfirm: true });
    expect((await sender.send(reader.username, text)).status).toBe('delivered');
    expect(reader.received('message.new')[0]?.text).toBe(text);
    for (const line of reader.lines) expect(Buffer.byteLength(JSON.stringify(line))).toBeLessThanOrEqual(65_536);
  });

  it('[ASIDE-1-1] [ASIDE-7.1-5] has 1 to 8,192 bytes', async () => {
    const sender = await stage.person();
    const reader = await stage.person();
    for (const text of ['x'.repeat(8_193), 'ß'.repeat(4_097), '€'.repeat(2_731), `${'😀'.repeat(2_048)}x`]) {
      const params = { id: randomUUID(), to: reader.username, text };
      expect((await sender.refusal('message.send', params)).reason).toBe('too-long');
      expect((await sender.refusal('message.broadcast', { id: params.id, text })).reason).toBe('too-long');
    }
    const empty = { id: randomUUID(), to: reader.username, text: '' };
    expect((await sender.refusal('message.send', empty)).reason).toBe('invalid-params');
    await reader.caughtUp();
    expect(reader.received('message.new')).toEqual([]);
  });
});

describe('Refused message', () => {
  it('D2 [ASIDE-7.1-6] gets the reason', async () => {
    const sender = await stage.person();
    const blocker = await stage.person();
    await blocker.request('blacklist.add', { username: sender.username });
    const send = async (to: string): Promise<string> =>
      (await sender.refusal('message.send', { id: randomUUID(), to, text: 'hello' })).reason;
    expect(await send(newName('nobody'))).toBe('no-such-user');
    expect(await send('')).toBe('no-such-user');
    expect(await send('a b')).toBe('no-such-user');
    expect(await send(sender.username)).toBe('self');
    expect(await send(sender.username.toUpperCase())).toBe('self');
    expect(await send(blocker.username)).toBe('blocked');
  });

  it('[ASIDE-3.6-1] has an id that is not a UUID', async () => {
    const sender = await stage.person();
    const reader = await stage.absent();
    for (const id of ['', '1', 'x'.repeat(36), `${randomUUID()}0`]) {
      expect((await sender.refusal('message.send', { id, to: reader, text: 'x' })).reason).toBe('invalid-params');
    }
    expect((await sender.send(reader, 'x', randomUUID().toUpperCase())).status).toBe('stored');
  });
});

describe('Message to an offline user', () => {
  it('D1 D2 [ASIDE-7.1-3] [ASIDE-7.2-7] [ASIDE-5.2-1] is stored, and arrives first and in order at the next sign-in', async () => {
    const readerName = await stage.absent();
    const sender = await stage.person();
    const before = Date.now();
    for (let i = 0; i < 5; i++) {
      const { status, at } = await sender.send(readerName, `stored ${i}`);
      expect(status).toBe('stored');
      expect(at).toBeGreaterThanOrEqual(before);
    }
    const reader = await stage.connect({ autoConfirm: true });
    const signedIn = reader.signIn(readerName);
    const live = inParallel([...'abcdefgh'], 8, async (text) => await sender.send(readerName, text));
    expect((await signedIn).waiting).toBeGreaterThanOrEqual(5);
    await live;
    await reader.caughtUp();
    const received = reader.received('message.new');
    expect(received.map(({ text }) => text)).toEqual([...[0, 1, 2, 3, 4].map((i) => `stored ${i}`), ...'abcdefgh']);
    expect(received.map(({ n }) => n)).toEqual(received.map((_, i) => i + 1));
    expect(received.slice(0, 5).every(({ stored }) => stored)).toBe(true);
    expect(received[0]).toMatchObject({ from: sender.username, at: expect.any(Number) });
  });

  it('D3 [ASIDE-7.2-9] arrives again until it is confirmed, and never after', async () => {
    const readerName = await stage.absent();
    const sender = await stage.person();
    for (const text of ['one', 'two', 'three']) await sender.send(readerName, text);
    const texts = async (confirm: number): Promise<string[]> => {
      const reader = await stage.connect();
      const { waiting } = await reader.signIn(readerName);
      if (waiting > 0) await reader.nextNotification('message.new', ({ n }) => n === waiting);
      if (confirm > 0) reader.notify('message.confirm', { through: confirm });
      await reader.signOut();
      return reader.received('message.new').map(({ text }) => text);
    };
    expect(await texts(0)).toEqual(['one', 'two', 'three']);
    expect(await texts(2)).toEqual(['one', 'two', 'three']);
    expect(await texts(1)).toEqual(['three']);
    expect(await texts(0)).toEqual([]);
  });

  it('I3 [ASIDE-7.2-13] waits while 256 are unconfirmed', async () => {
    const readerName = await stage.absent();
    const sender = await stage.person();
    const texts = Array.from({ length: 400 }, (_, i) => `${i}`);
    await inParallel(texts, 60, async (text) => await sender.send(readerName, text));
    const reader = await stage.connect();
    await reader.signIn(readerName);
    await reader.nextNotification('message.new', ({ n }) => n === 256);
    for (let i = 0; i < 3; i++) await reader.caughtUp();
    expect(reader.received('message.new')).toHaveLength(256);
    reader.notify('message.confirm', { through: 256 });
    await reader.nextNotification('message.new', ({ n }) => n === 400);
    expect(reader.received('message.new').map(({ text }) => text)).toEqual(texts);
  });

  it('D1 D4 keeps its place among 3,000', async () => {
    const readerName = await stage.absent();
    const sender = await stage.person();
    const texts = Array.from({ length: 3_000 }, (_, i) => `${i}`);
    const answers = await inParallel(texts, 60, async (text) => await sender.send(readerName, text));
    expect(answers.filter(({ status }) => status === 'stored')).toHaveLength(3_000);
    const reader = await stage.connect({ autoConfirm: true });
    expect((await reader.signIn(readerName)).waiting).toBe(3_000);
    await reader.nextNotification('message.new', ({ n }) => n === 3_000);
    expect(reader.received('message.new').map(({ text }) => text)).toEqual(texts);
  });
});

describe('Repeated message', () => {
  it('D3 [ASIDE-7.3-2] gets the same answer, and arrives once', async () => {
    const sender = await stage.person();
    const reader = await stage.person('reader', { autoConfirm: true });
    const away = await stage.absent();
    for (const to of [reader.username, away]) {
      const id = randomUUID();
      const first = await sender.send(to, 'hello', id);
      expect(await sender.send(to, 'hello', id)).toEqual(first);
      expect(await sender.send(to.toUpperCase(), 'hello', id)).toEqual(first);
    }
    await sender.send(reader.username, 'end');
    expect(reader.received('message.new').map(({ text }) => text)).toEqual(['hello', 'end']);
    const late = await stage.connect();
    expect((await late.signIn(away)).waiting).toBe(1);
  });

  it('D3 [ASIDE-7.3-2] gets the answer of the first if that is still unanswered', async () => {
    const sender = await stage.person();
    const reader = await stage.person();
    const id = randomUUID();
    const answers = [sender.send(reader.username, 'hello', id), sender.send(reader.username, 'hello', id)];
    await sender.caughtUp();
    reader.notify('message.confirm', { through: 1 });
    const [first, second] = await Promise.all(answers);
    expect(first).toEqual(second);
    expect(first?.status).toBe('delivered');
    await reader.caughtUp();
    expect(reader.received('message.new')).toHaveLength(1);
  });

  it('D3 [ASIDE-7.3-3] is refused if its content differs', async () => {
    const sender = await stage.person();
    const reader = await stage.person('reader', { autoConfirm: true });
    const other = await stage.absent();
    for (const to of [reader.username, other]) {
      const id = randomUUID();
      await sender.send(to, 'hello', id);
      const changed = await sender.refusal('message.send', { id, to, text: 'goodbye' });
      expect(changed.reason).toBe('id-conflict');
      const redirected = to === other ? reader.username : other;
      const elsewhere = await sender.refusal('message.send', { id, to: redirected, text: 'hello' });
      expect(elsewhere.reason).toBe('id-conflict');
    }
    await reader.caughtUp();
    expect(reader.received('message.new').map(({ text }) => text)).toEqual(['hello']);
  });

  it('D3 [ASIDE-7.3-2] is a new message if another user sends it', async () => {
    const reader = await stage.person('reader', { autoConfirm: true });
    const id = randomUUID();
    for (const sender of [await stage.person(), await stage.person()]) {
      expect((await sender.send(reader.username, `from ${sender.username}`, id)).status).toBe('delivered');
    }
    expect(reader.received('message.new')).toHaveLength(2);
  });

  it('D2 D3 [ASIDE-7.3-2] gets the same answer after delivery, even if the sender was blocked since', async () => {
    const sender = await stage.person();
    const reader = await stage.person('reader', { autoConfirm: true });
    const id = randomUUID();
    const first = await sender.send(reader.username, 'hello', id);
    await reader.request('blacklist.add', { username: sender.username });
    expect(await sender.send(reader.username, 'hello', id)).toEqual(first);
    await reader.caughtUp();
    expect(reader.received('message.new')).toHaveLength(1);
  });

  it('D3 [ASIDE-7.3-2] is checked again if it was refused', async () => {
    const sender = await stage.person();
    const reader = await stage.person('reader', { autoConfirm: true });
    await reader.request('blacklist.add', { username: sender.username });
    const message = { id: randomUUID(), to: reader.username, text: 'hello' };
    expect((await sender.refusal('message.send', message)).reason).toBe('blocked');
    await reader.request('blacklist.remove', { username: sender.username });
    expect((await sender.request('message.send', message)).status).toBe('delivered');
  });
});

describe('Broadcast', () => {
  it('D7 [ASIDE-7.4-1] [ASIDE-7.4-2] goes to all other online users, and is not stored', async () => {
    const sender = await stage.person();
    const readers = [await stage.person(), await stage.person()];
    const away = await stage.absent();
    const id = randomUUID();
    const text = 'to\nall 😀';
    const { recipients, someBlocked } = await sender.request('message.broadcast', { id, text });
    expect(recipients).toBeGreaterThanOrEqual(2);
    expect(someBlocked).toBe(false);
    for (const reader of readers) {
      const arrived = await reader.nextNotification('broadcast.new', ({ from }) => from === sender.username);
      expect(arrived).toEqual({ id, from: sender.username, text, at: expect.any(Number) });
    }
    await sender.caughtUp();
    expect(sender.received('broadcast.new')).toEqual([]);
    const late = await stage.connect();
    expect((await late.signIn(away)).waiting).toBe(0);
    await late.caughtUp();
    expect(late.received('broadcast.new')).toEqual([]);
  });

  it('D7 [ASIDE-7.4-2] [ASIDE-8-4] skips users who have blocked the sender, and reports that', async () => {
    const sender = await stage.person();
    const reader = await stage.person();
    const blocker = await stage.person();
    const awayBlocker = await stage.person();
    await awayBlocker.request('blacklist.add', { username: sender.username });
    await awayBlocker.signOut();
    const before = await sender.request('message.broadcast', { id: randomUUID(), text: 'one' });
    expect(before.someBlocked).toBe(false);
    await blocker.request('blacklist.add', { username: sender.username });
    const after = await sender.request('message.broadcast', { id: randomUUID(), text: 'two' });
    expect(after).toEqual({ recipients: before.recipients - 1, someBlocked: true });
    await reader.nextNotification('broadcast.new', ({ text, from }) => text === 'two' && from === sender.username);
    await blocker.caughtUp();
    const heard = blocker.received('broadcast.new').filter(({ from }) => from === sender.username);
    expect(heard.map(({ text }) => text)).toEqual(['one']);
  });

  it('D3 [ASIDE-7.4-4] reaches no user twice if it is repeated; with another text it is refused', async () => {
    const sender = await stage.person();
    const reader = await stage.person();
    const broadcast = { id: randomUUID(), text: 'once' };
    const first = await sender.request('message.broadcast', broadcast);
    expect(await sender.request('message.broadcast', broadcast)).toEqual(first);
    const other = await sender.refusal('message.broadcast', { ...broadcast, text: 'twice' });
    expect(other.reason).toBe('id-conflict');
    await sender.request('message.broadcast', { id: randomUUID(), text: 'end' });
    await reader.nextNotification('broadcast.new', ({ text, from }) => text === 'end' && from === sender.username);
    const heard = reader.received('broadcast.new').filter(({ from }) => from === sender.username);
    expect(heard.map(({ text }) => text)).toEqual(['once', 'end']);
  });

  it('[ASIDE-7.4-3] [ASIDE-7.1-5] accepts the same texts as a message', async () => {
    const sender = await stage.person();
    for (const [text, reason] of [
      ['x'.repeat(8_193), 'too-long'],
      ['', 'invalid-params'],
      ['\ud800', 'invalid-params'],
    ] as const) {
      const params = { id: randomUUID(), text };
      expect((await sender.refusal('message.broadcast', params)).reason).toBe(reason);
    }
    const reader = await stage.person();
    await sender.request('message.broadcast', { id: randomUUID(), text: '€'.repeat(2_730) });
    await reader.nextNotification('broadcast.new', ({ text }) => text === '€'.repeat(2_730));
  });
});
