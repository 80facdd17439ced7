import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CONNECTION_LIMITS } from '../../src/shared/limits.ts';
import { type MemoryClient, refusalOf, startInMemory } from '../support/server-in-memory.ts';

const texts = (messages: readonly { text: string }[]) => messages.map(({ text }) => text);

/** Sends a message without waiting for the answer. */
function post(client: MemoryClient, to: string, text: string): Promise<unknown> {
  return client.send(to, text).catch(() => {});
}

describe('Server (D1, D2, ASIDE-7.1)', () => {
  it('reports a message to an online user as delivered after the confirmation, and does not store it (D6)', async () => {
    const server = await startInMemory();
    const kevin = await server.person('Kevin');
    const anna = await server.person('anna');
    const id = randomUUID();
    const at = server.clock.now();
    const sending = kevin.send('ANNA', 'hello\n\u0000\u{1f600}', id);
    const message = await anna.notification('message.new');
    expect(message).toEqual({ n: 1, id, from: 'Kevin', text: 'hello\n\u0000\u{1f600}', at, stored: false });
    await server.settle();
    expect(kevin.lines.filter((line) => line.result !== undefined)).toHaveLength(1);
    server.clock.advance(1_000);
    anna.notify('message.confirm', { through: 1 });
    expect(await sending).toEqual({ status: 'delivered', at });
    await server.settle();
    expect(server.disk.calls('appendMail')).toBe(0);
    expect(server.aside.stats()).toMatchObject({ delivered: 1, stored: 0, refused: 0 });
  });

  it('stores a message to an offline user, and delivers it in order at the next sign-in, before newer ones (D1)', async () => {
    const server = await startInMemory();
    await server.absent('anna');
    const kevin = await server.person('kevin');
    const at = server.clock.now();
    for (let i = 0; i < 200; i++) expect(await kevin.send('anna', `old ${i}`)).toEqual({ status: 'stored', at });
    server.clock.advance(1_000);
    const anna = server.connect({ confirms: true });
    const { waiting } = await anna.signIn('anna');
    expect(waiting).toBe(200);
    const newer = kevin.send('anna', 'new');
    await newer;
    await server.settle();
    const messages = anna.take('message.new');
    expect(texts(messages)).toEqual([...Array.from({ length: 200 }, (_, i) => `old ${i}`), 'new']);
    expect(messages.map(({ n }) => n)).toEqual(messages.map((_, i) => i + 1));
    expect(messages.slice(0, 200).every(({ stored, at: when }) => stored && when === at)).toBe(true);
    await anna.signOut();
    expect((await server.connect().signIn('anna')).waiting).toBe(0);
  });

  it.each([
    ['nobody', 'no-such-user'],
    ['', 'no-such-user'],
    ['no body', 'no-such-user'],
    ['kevin', 'self'],
    ['KEVIN', 'self'],
  ])('refuses a message to %j with %s', async (to, reason) => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    expect((await refusalOf(kevin.send(to, 'x'))).reason).toBe(reason);
  });

  it('accepts texts of up to 8,192 bytes, not characters (D5)', async () => {
    const server = await startInMemory();
    await server.absent('anna');
    const kevin = await server.person('kevin');
    const longest = '\u{1f600}'.repeat(2_048);
    expect((await kevin.send('anna', longest)).status).toBe('stored');
    expect((await refusalOf(kevin.send('anna', `${longest}x`))).reason).toBe('too-long');
    expect((await refusalOf(kevin.send('anna', '\u00e9'.repeat(4_097)))).reason).toBe('too-long');
    expect((await refusalOf(kevin.send('anna', ''))).reason).toBe('invalid-params');
    const anna = await server.signIn('anna');
    expect((await anna.notification('message.new')).text).toBe(longest);
  });

  it('holds 10,000 messages in a mailbox, then refuses more (I3, ASIDE-7.1-7)', async () => {
    const server = await startInMemory({ config: { messageRate: 0 } });
    await server.absent('anna');
    const kevin = await server.person('kevin');
    for (let sent = 0; sent < 10_000; sent += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, i) => kevin.send('anna', `message ${sent + i}`)));
    }
    const id = randomUUID();
    expect((await refusalOf(kevin.send('anna', 'one more', id))).reason).toBe('mailbox-full');
    const anna = server.connect();
    expect((await anna.signIn('anna')).waiting).toBe(10_000);
    await anna.notification('message.new');
    anna.notify('message.confirm', { through: 1 });
    await server.settle();
    anna.drop();
    expect((await kevin.send('anna', 'one more', id)).status).toBe('stored');
    expect((await refusalOf(kevin.send('anna', 'and one more'))).reason).toBe('mailbox-full');
  });
});

describe('Delivery (D3, D4, ASIDE-7.2)', () => {
  it('stores a message without a confirmation after 2 s, answers the sender, and sends it again (ASIDE-7.2-5)', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const anna = await server.person('anna');
    const sending = kevin.send('anna', 'hello');
    server.clock.advance(1_750);
    await server.settle();
    expect(server.disk.calls('appendMail')).toBe(0);
    server.clock.advance(250);
    expect((await sending).status).toBe('stored');
    anna.drop();
    const back = server.connect({ device: anna.device });
    expect((await back.resume(anna.token)).waiting).toBe(1);
    expect(await back.notification('message.new')).toMatchObject({ n: 1, text: 'hello', stored: true });
  });

  it('removes a message from the mailbox after a late confirmation', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const anna = await server.person('anna');
    const sending = kevin.send('anna', 'hello');
    server.clock.advance(2_000);
    await sending;
    anna.notify('message.confirm', { through: 1 });
    await server.settle();
    await anna.signOut();
    expect((await server.connect().signIn('anna')).waiting).toBe(0);
  });

  it('stores unconfirmed messages in order when the connection ends (ASIDE-7.2-6)', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const anna = await server.person('anna');
    const answers = ['1', '2', '3'].map((text) => kevin.send('anna', text));
    anna.notify('message.confirm', { through: 1 });
    anna.drop();
    answers.push(kevin.send('anna', '4'));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([
      'delivered',
      'stored',
      'stored',
      'stored',
    ]);
    const back = server.connect({ device: anna.device, confirms: true });
    await back.resume(anna.token);
    await server.settle();
    expect(texts(back.take('message.new'))).toEqual(['2', '3', '4']);
  });

  it('accepts no confirmation beyond the sent messages (ASIDE-7.2-10)', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const anna = await server.person('anna');
    anna.notify('message.confirm', { through: Number.MAX_SAFE_INTEGER });
    const sending = kevin.send('anna', 'hello');
    await server.settle();
    expect(server.aside.stats().delivered).toBe(0);
    anna.notify('message.confirm', { through: 0 });
    await server.settle();
    expect(server.aside.stats().delivered).toBe(0);
    anna.notify('message.confirm', { through: 1 });
    expect((await sending).status).toBe('delivered');
  });

  it('keeps the order of each sender over lost and restored connections (D4)', async () => {
    const server = await startInMemory({ config: { messageRate: 0 } });
    const kevin = await server.person('kevin');
    let anna = await server.person('anna', { confirms: true });
    const arrived: string[] = [];
    const answers: Promise<unknown>[] = [];
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 3; i++) answers.push(kevin.send('anna', `${round}.${i}`));
      anna.drop();
      arrived.push(...texts(anna.take('message.new')));
      answers.push(kevin.send('anna', `${round}.3`));
      const back = server.connect({ device: anna.device, confirms: true });
      await back.resume(anna.token);
      anna = back;
    }
    await Promise.all(answers);
    await server.settle();
    arrived.push(...texts(anna.take('message.new')));
    const once = [...new Set(arrived)];
    expect(once).toEqual(Array.from({ length: 80 }, (_, i) => `${Math.floor(i / 4)}.${i % 4}`));
  });

  it('continues in order after a restart (A5)', async () => {
    const server = await startInMemory();
    await server.absent('anna');
    const kevin = await server.person('kevin');
    for (const text of ['1', '2', '3']) await kevin.send('anna', text);
    await server.kill();
    const again = await server.startAgain(1_000);
    const anna = again.connect();
    expect((await anna.signIn('anna')).waiting).toBe(3);
    await again.settle();
    expect(texts(anna.take('message.new'))).toEqual(['1', '2', '3']);
  });

  it('keeps unanswered messages when the server stops (A6)', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    await server.person('anna');
    const sending = post(kevin, 'anna', 'hello');
    await server.stop();
    await sending;
    const again = await server.startAgain(1_000);
    expect((await again.connect().signIn('anna')).waiting).toBe(1);
  });

  it('ends the session of a client that takes nothing, keeps its messages, and delays no other client (ASIDE-7.2-11)', async () => {
    const server = await startInMemory();
    const senders = [];
    for (let i = 0; i < 4; i++) senders.push(await server.person(`sender${i}`));
    const anna = await server.person('anna');
    const carl = await server.person('carl');
    const bert = await server.person('bert', { confirms: true });
    await server.settle();
    anna.connection.isStuck = true;
    const text = 'x'.repeat(8_192);
    const stuck: Promise<{ status: string }>[] = [];
    for (let round = 0; round < 50; round++) {
      for (const sender of senders) stuck.push(sender.send('anna', text));
      expect((await carl.send('bert', 'meanwhile')).status).toBe('delivered');
    }
    expect(anna.connection.unsentBytes).toBeLessThan(CONNECTION_LIMITS.congestedBytes + 2 * text.length);
    expect(anna.ending).toBeUndefined();
    server.clock.advance(CONNECTION_LIMITS.stallMs + 1_000);
    expect(anna.ending).toEqual({ reason: 'too-slow' });
    await anna.closed;
    expect(new Set((await Promise.all(stuck)).map(({ status }) => status))).toEqual(new Set(['stored']));
    const back = server.connect({ confirms: true });
    expect((await back.signIn('anna')).waiting).toBe(200);
    await server.settle();
    server.clock.advance(250);
    await server.settle();
    expect(back.take('message.new')).toHaveLength(200);
    expect([...senders, carl, bert].some(({ isClosed }) => isClosed)).toBe(false);
    expect(server.aside.stats()).toMatchObject({ connections: 7, sessions: 7 });
  });

  it('leaves out of a broadcast the clients that take nothing, and reaches the others (D7)', async () => {
    const server = await startInMemory({ config: { messageRate: 0 } });
    const kevin = await server.person('kevin');
    const slow = [];
    for (let i = 0; i < 5; i++) slow.push(await server.person(`slow${i}`));
    const quick = await server.person('quick');
    for (const client of slow) client.connection.isStuck = true;
    let sent = 0;
    let recipients = 6;
    for (; recipients > 1 && sent < 300; sent++) {
      const reach = await kevin.request('message.broadcast', { id: randomUUID(), text: 'x'.repeat(8_192) });
      recipients = reach.recipients as number;
    }
    expect(recipients).toBe(1);
    for (const { connection } of slow)
      expect(connection.unsentBytes).toBeLessThan(CONNECTION_LIMITS.congestedBytes * 2);
    expect(slow.map(({ ending }) => ending)).toEqual(slow.map(() => undefined));
    server.clock.advance(CONNECTION_LIMITS.stallMs + 1_000);
    expect(slow.map(({ ending }) => ending?.reason)).toEqual(slow.map(() => 'too-slow'));
    expect(quick.take('broadcast.new')).toHaveLength(sent);
  });
});

describe('Repeated message (D3, ASIDE-7.3)', () => {
  it('is delivered once if the first still waits, and each request gets an answer', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const anna = await server.person('anna');
    const id = randomUUID();
    const first = kevin.send('anna', 'hello', id);
    const second = kevin.send('Anna', 'hello', id);
    const conflict = await refusalOf(kevin.send('anna', 'other', id));
    expect(conflict.reason).toBe('id-conflict');
    await server.settle();
    expect(anna.take('message.new')).toHaveLength(1);
    anna.notify('message.confirm', { through: 1 });
    expect(await second).toEqual(await first);
  });

  it('gets the same answer, also on a new connection', async () => {
    const server = await startInMemory();
    await server.absent('away');
    const kevin = await server.person('kevin');
    const anna = await server.person('anna', { confirms: true });
    const ids = [randomUUID(), randomUUID()];
    const first = [await kevin.send('anna', 'hello', ids[0]), await kevin.send('away', 'hello', ids[1])];
    kevin.drop();
    server.clock.advance(5_000);
    const back = server.connect({ device: kevin.device });
    await back.resume(kevin.token);
    expect([await back.send('anna', 'hello', ids[0]), await back.send('away', 'hello', ids[1])]).toEqual(first);
    expect((await refusalOf(back.send('away', 'hello', ids[0]))).reason).toBe('id-conflict');
    await server.settle();
    expect(anna.take('message.new')).toHaveLength(1);
    expect((await server.connect().signIn('away')).waiting).toBe(1);
  });

  it('gets its answer on a new connection while the first still waits', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const anna = await server.person('anna');
    const id = randomUUID();
    const lost = post(kevin, 'anna', 'hello');
    void kevin.send('anna', 'hello again', id).catch(() => {});
    kevin.drop();
    await lost;
    const back = server.connect({ device: kevin.device });
    await back.resume(kevin.token);
    const sending = back.send('anna', 'hello again', id);
    anna.notify('message.confirm', { through: 2 });
    expect((await sending).status).toBe('delivered');
    expect(anna.take('message.new')).toHaveLength(2);
  });

  it('is recognised for a day after a restart (ASIDE-7.3-4)', async () => {
    const server = await startInMemory();
    await server.absent('anna');
    const kevin = await server.person('kevin');
    const id = randomUUID();
    const first = await kevin.send('anna', 'hello', id);
    await server.kill();
    const again = await server.startAgain(1_000);
    const back = again.connect({ device: kevin.device });
    await back.resume(kevin.token);
    expect(await back.send('anna', 'hello', id)).toEqual(first);
    expect((await refusalOf(back.send('anna', 'other', id))).reason).toBe('id-conflict');
    expect((await again.connect().signIn('anna')).waiting).toBe(1);
  });

  it('is checked again if it was refused', async () => {
    const server = await startInMemory();
    const anna = await server.person('anna');
    const kevin = await server.person('kevin');
    const id = randomUUID();
    await anna.request('blacklist.add', { username: 'kevin' });
    expect((await refusalOf(kevin.send('anna', 'hello', id))).reason).toBe('blocked');
    await anna.request('blacklist.remove', { username: 'kevin' });
    const sending = kevin.send('anna', 'hello', id);
    anna.notify('message.confirm', { through: 1 });
    expect((await sending).status).toBe('delivered');
  });

  it('gets the same answer and no second delivery if a block followed the delivery (ASIDE-7.3-2)', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const anna = await server.person('anna', { confirms: true });
    const id = randomUUID();
    const first = await kevin.send('anna', 'hello', id);
    await anna.request('blacklist.add', { username: 'kevin' });
    expect(await kevin.send('anna', 'hello', id)).toEqual(first);
    expect((await refusalOf(kevin.send('anna', 'hello'))).reason).toBe('blocked');
    expect(anna.take('message.new')).toHaveLength(1);
  });

  it('is another message if another sender uses its id', async () => {
    const server = await startInMemory();
    await server.absent('anna');
    const id = randomUUID();
    for (const name of ['kevin', 'bert']) await (await server.person(name)).send('anna', name, id);
    expect((await server.connect().signIn('anna')).waiting).toBe(2);
  });
});

describe('Rate limit of a sender (I3)', () => {
  it('refuses messages above 100 a second and 500 at once, until the time named in the refusal (D4, ASIDE-7.1-8)', async () => {
    const server = await startInMemory();
    await server.absent('anna');
    const kevin = await server.person('kevin');
    for (let sent = 0; sent < 500; sent += 50) {
      await Promise.all(Array.from({ length: 50 }, () => kevin.send('anna', 'x')));
    }
    expect(await refusalOf(kevin.send('anna', 'x'))).toMatchObject({ reason: 'slow-down', retryAfterMs: 1_000 });
    server.clock.advance(999);
    expect(await refusalOf(kevin.send('anna', 'x'))).toMatchObject({ reason: 'slow-down', retryAfterMs: 1 });
    const broadcast = { id: randomUUID(), text: 'x' };
    expect((await kevin.refusal('message.broadcast', broadcast)).reason).toBe('slow-down');
    expect((await kevin.request('presence.online', {})).users).toEqual([]);
    kevin.drop();
    const back = server.connect({ device: kevin.device });
    await back.resume(kevin.token);
    expect((await refusalOf(back.send('anna', 'x'))).reason).toBe('slow-down');
    const bert = await server.person('bert');
    await bert.send('anna', 'x');
    server.clock.advance(1);
    for (let i = 0; i < 100; i++) await back.send('anna', 'x');
    expect((await refusalOf(back.send('anna', 'x'))).reason).toBe('slow-down');
  });

  it('allows 64 waiting requests, and a refused one changes none of them (ASIDE-3.1-5)', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const anna = await server.person('anna');
    const waiting = Array.from({ length: 64 }, (_, i) => kevin.send('anna', `${i}`));
    expect((await refusalOf(kevin.send('anna', 'one more'))).reason).toBe('too-many-requests');
    expect((await refusalOf(kevin.request('session.ping', {}))).reason).toBe('too-many-requests');
    anna.notify('message.confirm', { through: 1 });
    await waiting[0];
    const next = kevin.send('anna', 'next');
    anna.notify('message.confirm', { through: 65 });
    expect((await Promise.all([...waiting, next])).every(({ status }) => status === 'delivered')).toBe(true);
    expect(texts(anna.take('message.new'))).not.toContain('one more');
  });

  it('allows 1,000 other requests at once', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    for (let i = 0; i < 1_000; i++) await kevin.request('session.ping', {});
    expect(await refusalOf(kevin.request('session.ping', {}))).toMatchObject({ reason: 'slow-down' });
    server.clock.advance(1_000);
    await kevin.request('session.ping', {});
  });
});

describe('Broadcast (D7, ASIDE-7.4)', () => {
  it('goes to all other online users except those that have blocked the sender, and the answer has the number', async () => {
    const server = await startInMemory();
    await server.absent('away');
    const kevin = await server.person('Kevin');
    const anna = await server.person('anna');
    const bert = await server.person('bert');
    const id = randomUUID();
    const at = server.clock.now();
    const all = await kevin.request('message.broadcast', { id, text: 'hello' });
    expect(all).toEqual({ recipients: 2, someBlocked: false });
    for (const client of [anna, bert]) {
      expect(await client.notification('broadcast.new')).toEqual({ id, from: 'Kevin', text: 'hello', at });
    }
    await bert.request('blacklist.add', { username: 'kevin' });
    const some = await kevin.request('message.broadcast', { id: randomUUID(), text: 'hello' });
    expect(some).toEqual({ recipients: 1, someBlocked: true });
    bert.drop();
    const gone = await kevin.request('message.broadcast', { id: randomUUID(), text: 'hello' });
    expect(gone).toEqual({ recipients: 1, someBlocked: false });
    await server.settle();
    expect([kevin, bert].flatMap((client) => client.take('broadcast.new'))).toEqual([]);
    expect((await server.connect().signIn('away')).waiting).toBe(0);
    expect(server.disk.calls('appendMail')).toBe(0);
  });

  it('is delivered once if it is repeated under its id', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const anna = await server.person('anna');
    const id = randomUUID();
    const first = await kevin.request('message.broadcast', { id, text: 'hello' });
    expect(await kevin.request('message.broadcast', { id, text: 'hello' })).toEqual(first);
    expect((await kevin.refusal('message.broadcast', { id, text: 'other' })).reason).toBe('id-conflict');
    expect(anna.take('broadcast.new')).toHaveLength(1);
  });

  it('has the limits of messages', async () => {
    const server = await startInMemory();
    const kevin = await server.person('kevin');
    const id = randomUUID();
    expect((await kevin.refusal('message.broadcast', { id, text: 'x'.repeat(8_193) })).reason).toBe('too-long');
    expect((await kevin.refusal('message.broadcast', { id, text: '' })).reason).toBe('invalid-params');
    expect(await kevin.request('message.broadcast', { id, text: 'x'.repeat(8_192) })).toEqual({
      recipients: 0,
      someBlocked: false,
    });
  });
});

describe('Blacklist (E1, E2, E4, ASIDE-8)', () => {
  it('adds, removes and lists users, and refuses invalid changes', async () => {
    const server = await startInMemory();
    await server.absent('Bert', 'carl');
    const anna = await server.person('anna');
    const block = (username: string) => anna.request('blacklist.add', { username });
    const unblock = (username: string) => anna.request('blacklist.remove', { username });
    expect(await block('carl')).toEqual({});
    expect(await block('BERT')).toEqual({});
    expect(await anna.request('blacklist.list', {})).toEqual({ users: ['Bert', 'carl'] });
    expect(await anna.request('blacklist.list', { after: 'bert' })).toEqual({ users: ['carl'] });
    const outcomes = [
      await refusalOf(block('bert')),
      await refusalOf(block('Anna')),
      await refusalOf(block('nobody')),
      await refusalOf(unblock('nobody')),
      await refusalOf(unblock('anna')),
    ];
    expect(outcomes.map(({ reason }) => reason)).toEqual([
      'already-blocked',
      'self',
      'no-such-user',
      'no-such-user',
      'self',
    ]);
    await unblock('bert');
    expect((await refusalOf(unblock('bert'))).reason).toBe('not-blocked');
    expect(await anna.request('blacklist.list', {})).toEqual({ users: ['carl'] });
    await server.kill();
    const again = await server.startAgain();
    expect(await (await again.signIn('anna')).request('blacklist.list', {})).toEqual({ users: ['carl'] });
  });

  it('applies from the next line on, before it is on the disk, to online and offline users (ASIDE-8-4)', async () => {
    const server = await startInMemory();
    const anna = await server.person('anna');
    const pest = await server.person('pest');
    const release = server.disk.hold('addBlock');
    const blocking = anna.request('blacklist.add', { username: 'pest' });
    expect((await refusalOf(pest.send('anna', 'x'))).reason).toBe('blocked');
    expect(await pest.request('message.broadcast', { id: randomUUID(), text: 'x' })).toMatchObject({ recipients: 0 });
    release();
    await blocking;
    await anna.signOut();
    expect((await refusalOf(pest.send('anna', 'x'))).reason).toBe('blocked');
    expect(server.disk.calls('appendMail')).toBe(0);
    expect((await server.connect().signIn('anna')).waiting).toBe(0);
  });

  it('applies at once also while another block is being written', async () => {
    const server = await startInMemory();
    await server.absent('first');
    const anna = await server.person('anna');
    const pest = await server.person('pest');
    const release = server.disk.hold('addBlock');
    const first = anna.request('blacklist.add', { username: 'first' });
    const second = anna.request('blacklist.add', { username: 'pest' });
    expect((await refusalOf(pest.send('anna', 'x'))).reason).toBe('blocked');
    release();
    expect(await Promise.all([first, second])).toEqual([{}, {}]);
  });

  it('removes waiting messages of the blocked user only (E4)', async () => {
    const server = await startInMemory();
    const [anna, pest, bert] = [await server.person('anna'), await server.person('pest'), await server.person('bert')];
    anna.drop();
    for (const text of ['1', '2', '3']) {
      await pest.send('anna', `pest ${text}`);
      await bert.send('anna', `bert ${text}`);
    }
    const back = server.connect({ device: anna.device });
    const waiting = back.resume(anna.token);
    expect((await waiting).waiting).toBe(6);
    back.drop();
    const third = server.connect({ device: anna.device });
    const resumed = third.resume(back.token);
    await resumed;
    await third.request('blacklist.add', { username: 'pest' });
    third.drop();
    const last = server.connect({ device: anna.device, confirms: true });
    expect((await last.resume(third.token)).waiting).toBe(3);
    await server.settle();
    expect(texts(last.take('message.new'))).toEqual(['bert 1', 'bert 2', 'bert 3']);
  });

  it('drops a message that is unconfirmed at the block', async () => {
    const server = await startInMemory();
    const anna = await server.person('anna');
    const pest = await server.person('pest');
    const sending = refusalOf(pest.send('anna', 'too late'));
    await anna.request('blacklist.add', { username: 'pest' });
    anna.drop();
    expect((await sending).reason).toBe('blocked');
    const back = server.connect({ device: anna.device });
    expect((await back.resume(anna.token)).waiting).toBe(0);
  });

  it('has one direction: the blocker can send to the blocked user (ASIDE-8-8)', async () => {
    const server = await startInMemory();
    const anna = await server.person('anna');
    await server.person('pest', { confirms: true });
    await anna.request('blacklist.add', { username: 'pest' });
    expect((await anna.send('pest', 'x')).status).toBe('delivered');
    expect(await anna.request('message.broadcast', { id: randomUUID(), text: 'x' })).toEqual({
      recipients: 1,
      someBlocked: false,
    });
  });

  it('ends in the state of the last of several quick changes', async () => {
    const server = await startInMemory();
    await server.absent('pest');
    const anna = await server.person('anna');
    const change = (method: 'blacklist.add' | 'blacklist.remove') => anna.request(method, { username: 'pest' });
    await Promise.all([change('blacklist.add'), change('blacklist.remove'), change('blacklist.add')]);
    expect(await anna.request('blacklist.list', {})).toEqual({ users: ['pest'] });
    await server.kill();
    const again = await server.startAgain();
    expect(await (await again.signIn('anna')).request('blacklist.list', {})).toEqual({ users: ['pest'] });
  });
});
