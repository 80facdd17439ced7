import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageStatus } from '../../../src/shared/client-api/view-state.ts';
import { ClientSetup } from '../../support/client-setup.ts';

const sent = (setup: ClientSetup) =>
  setup.server.peers.flatMap((peer) => peer.received.filter(({ method }) => method === 'message.send'));

async function write(setup: ClientSetup, text: string, to = 'hans'): Promise<string> {
  const outcome = await setup.client.run('message.send', { to, text });
  if (!outcome.ok) throw new Error(outcome.failure.reason);
  return outcome.result.message.id;
}

function statuses(setup: ClientSetup, id: string): MessageStatus[] {
  return setup.emitted('message.changed').flatMap((change) => (change.id === id ? [change.status] : []));
}

describe('Outbox', () => {
  it('reports the status of each message (D2)', async () => {
    const setup = new ClientSetup();
    await setup.online();
    const answers = {
      one: { result: { status: 'delivered', at: 1 } },
      two: { result: { status: 'stored', at: 1 } },
      three: { refusal: { reason: 'blocked' } },
      four: { refusal: { reason: 'mailbox-full' } },
    } as const;
    setup.server.scripts['message.send'] = ({ text }) => answers[text as keyof typeof answers];
    const ids = [];
    for (const text of Object.keys(answers)) ids.push(await write(setup, text));
    await setup.clock.advance(10);
    expect(ids.map((id) => statuses(setup, id))).toEqual([
      [{ state: 'delivered' }],
      [{ state: 'stored' }],
      [{ state: 'refused', reason: 'blocked' }],
      [{ state: 'refused', reason: 'mailbox-full' }],
    ]);
    expect(setup.history.outbox()).toEqual([]);
    expect(setup.client.snapshot().waiting).toBe(0);
  });

  it('waits at most five minutes, however long the server asks it to (G11)', async () => {
    const setup = new ClientSetup();
    await setup.online();
    let refused = false;
    setup.server.scripts['message.send'] = () => {
      if (refused) return { result: { status: 'stored', at: 1 } };
      refused = true;
      return { refusal: { reason: 'slow-down', retryAfterMs: Number.MAX_SAFE_INTEGER } };
    };
    const id = await write(setup, 'patient');
    await setup.clock.advance(4 * 60_000);
    expect(sent(setup)).toHaveLength(1);
    await setup.clock.advance(2 * 60_000);
    expect(statuses(setup, id)).toEqual([{ state: 'stored' }]);
  });

  it('refuses a message without visible text', async () => {
    const setup = new ClientSetup();
    await setup.online();
    for (const text of [' \n\t', '\u200B\u2060\uFEFF', '\u00AD\u3164', '\u0000']) {
      const refused = { ok: false, failure: { reason: 'text-blank' } };
      expect(await setup.client.run('message.send', { to: 'hans', text })).toMatchObject(refused);
      expect(await setup.client.run('message.broadcast', { text })).toMatchObject(refused);
    }
    await setup.clock.advance(10);
    expect(sent(setup)).toEqual([]);
  });

  it('gives a message the time of the server, from its answer on (D10)', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.scripts['message.send'] = () => ({ result: { status: 'stored', at: 77 } });
    const id = await write(setup, 'timed');
    await setup.clock.advance(10);
    expect(setup.emitted('message.changed').at(-1)).toMatchObject({ id, at: 77 });
    expect(setup.history.messages.find((one) => one.id === id)?.at).toBe(77);
    expect(setup.client.snapshot().conversations[0]?.last?.at).toBe(77);
  });

  it('writes the time of the server on a computer with a wrong clock (D10)', async () => {
    const setup = new ClientSetup();
    const before = setup.clock.now();
    setup.clock.jump(3_600_000);
    await setup.online();
    expect(setup.client.snapshot().clockOffset).toBeLessThan(-3_500_000);
    const id = await write(setup, 'timed');
    const written = setup.history.messages.find((one) => one.id === id);
    expect(Math.abs((written?.at ?? 0) - before)).toBeLessThan(10_000);
  });

  it('adds a message once if a window without an answer repeats the command (D3)', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.scripts['message.send'] = () => ({ result: { status: 'stored', at: 1 } });
    const message = { id: '018c3f5e-0000-7000-8000-000000000001', to: 'Hans', text: 'once' };
    const first = await setup.client.run('message.send', message);
    await setup.clock.advance(10);
    const second = await setup.client.run('message.send', message);
    await setup.clock.advance(10);
    expect(first).toMatchObject({ ok: true, result: { message: { ...message, status: { state: 'queued' } } } });
    expect(second).toMatchObject({ ok: true, result: { message: { ...message, status: { state: 'stored' } } } });
    expect(sent(setup)).toHaveLength(1);
    expect(setup.emitted('message.added')).toHaveLength(1);
    for (const other of [{ text: 'something else' }, { to: 'lea' }]) {
      const conflict = { ok: false, failure: { reason: 'id-conflict' } };
      expect(await setup.client.run('message.send', { ...message, ...other })).toMatchObject(conflict);
    }
  });

  it('sends a broadcast once if a window without an answer repeats the command (D3, D7)', async () => {
    const setup = new ClientSetup();
    await setup.online();
    const asked: unknown[] = [];
    setup.server.scripts['message.broadcast'] = ({ id }) => {
      asked.push(id);
      return { result: { recipients: 2, someBlocked: true } };
    };
    const words = { id: '018c3f5e-0000-7000-8000-000000000001', text: 'all of you' };
    const answers = [];
    for (let time = 0; time < 2; time++) {
      const answer = setup.client.run('message.broadcast', words);
      await setup.clock.advance(10);
      answers.push(await answer);
    }
    expect(answers[0]).toMatchObject({ ok: true, result: { recipients: 2, someBlocked: true } });
    expect(answers[1]).toMatchObject({ ok: true, result: { recipients: 2, someBlocked: true } });
    expect(asked).toEqual([words.id]);
    const conflict = { ok: false, failure: { reason: 'id-conflict' } };
    expect(await setup.client.run('message.broadcast', { ...words, text: 'other' })).toMatchObject(conflict);
  });

  it('keeps a message on disk before it is sent, and until its answer is (D8)', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.scripts['message.send'] = () => {
      expect(setup.history.outbox()).toHaveLength(1);
      return { result: { status: 'stored', at: 1 } };
    };
    await write(setup, 'hello');
    await setup.clock.advance(1);
    expect(setup.history.outbox()).toHaveLength(1);
    await setup.clock.advance(1);
    expect(setup.history.outbox()).toHaveLength(0);
  });

  it('sends messages written offline, also in an earlier run (D8)', async () => {
    const setup = new ClientSetup();
    setup.secrets.token = 'old';
    await write(setup, 'one');
    await write(setup, 'two');
    expect(setup.client.snapshot().waiting).toBe(2);
    setup.start();
    expect(setup.client.snapshot().waiting).toBe(2);
    await setup.client.run('session.resume', {});
    await setup.clock.advance(100);
    expect(sent(setup).map(({ params }) => params.text)).toEqual(['one', 'two']);
    expect(setup.client.snapshot().waiting).toBe(0);
  });

  it('cancels a message only before it is sent (D8)', async () => {
    const setup = new ClientSetup();
    const first = await write(setup, 'one');
    const second = await write(setup, 'two');
    expect(await setup.client.run('message.cancel', { id: first })).toEqual({ ok: true, result: {} });
    expect(await setup.client.run('message.cancel', { id: first })).toMatchObject({
      failure: { reason: 'not-waiting' },
    });
    setup.server.scripts['message.send'] = () => 'nothing';
    await setup.online();
    expect(sent(setup).map(({ params }) => params.text)).toEqual(['two']);
    expect(await setup.client.run('message.cancel', { id: second })).toMatchObject({
      failure: { reason: 'already-sent' },
    });
    setup.server.refuses = { kind: 'problem', problem: { kind: 'refused' } };
    setup.server.peer.cut();
    await setup.clock.advance(10);
    expect(await setup.client.run('message.cancel', { id: second })).toMatchObject({
      failure: { reason: 'already-sent' },
    });
    // The server may have it, so it cannot be cancelled after a restart either.
    setup.start();
    expect(await setup.client.run('message.cancel', { id: second })).toMatchObject({
      failure: { reason: 'already-sent' },
    });
  });

  it('resends unanswered messages after a reconnect, in order and with the same id', async () => {
    const setup = new ClientSetup();
    await setup.online();
    const answer = setup.server.scripts['message.send']!;
    setup.server.scripts['message.send'] = (params, peer, id) =>
      params.text === '1' ? answer(params, peer, id) : 'nothing';
    const ids = [];
    for (const text of ['0', '1', '2']) ids.push(await write(setup, text));
    await setup.clock.advance(10);
    setup.server.scripts['message.send'] = answer;
    setup.server.peer.cut();
    await setup.clock.advance(1_000);
    expect(
      setup.server.peer.received.filter(({ method }) => method === 'message.send').map(({ params }) => params.id),
    ).toEqual([ids[0], ids[2]]);
    expect(ids.map((id) => statuses(setup, id))).toEqual([
      [{ state: 'delivered' }],
      [{ state: 'delivered' }],
      [{ state: 'delivered' }],
    ]);
  });

  it('has at most 32 unanswered messages', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.scripts['message.send'] = () => 'nothing';
    for (let n = 0; n < 100; n++) await write(setup, String(n));
    await setup.clock.advance(10);
    expect(sent(setup)).toHaveLength(32);
  });

  it('stays within the rate that the server announces', async () => {
    const setup = new ClientSetup();
    setup.server.limit({ messagesPerSecond: 10, messageBurst: 20 });
    await setup.online();
    for (let n = 0; n < 50; n++) await write(setup, String(n));
    await setup.clock.advance(100);
    expect(sent(setup).length).toBeLessThanOrEqual(21);
    await setup.clock.advance(1_000);
    expect(sent(setup).length).toBeLessThanOrEqual(31);
    await setup.clock.advance(10_000);
    expect(sent(setup).map(({ params }) => params.text)).toEqual(Array.from({ length: 50 }, (_one, n) => String(n)));
  });

  it('pauses after slow-down, and continues with the refused message', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.scripts['message.send'] = ({ text }) =>
      text === '3' ? { refusal: { reason: 'slow-down', retryAfterMs: 700 } } : { result: { status: 'stored', at: 1 } };
    for (let n = 0; n < 10; n++) await write(setup, String(n));
    await setup.clock.advance(5);
    expect(sent(setup)).toHaveLength(10);
    for (let n = 10; n < 20; n++) await write(setup, String(n));
    await setup.clock.advance(690);
    expect(sent(setup)).toHaveLength(10);
    setup.server.scripts['message.send'] = () => ({ result: { status: 'stored', at: 1 } });
    await setup.clock.advance(20);
    const again = sent(setup).slice(10);
    expect(again.map(({ params }) => params.text)).toEqual([
      '3',
      ...Array.from({ length: 10 }, (_one, n) => String(n + 10)),
    ]);
    expect(setup.client.snapshot().waiting).toBe(0);
  });

  it('retries a message that the server could not store after growing delays', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.scripts['message.send'] = () => ({ refusal: { reason: 'storage' } });
    await write(setup, 'hello');
    await setup.clock.advance(8_000);
    const times = sent(setup).map(({ at }) => at);
    expect(times.slice(1).map((at, index) => Math.round((at - times[index]!) / 1000))).toEqual([1, 2, 4]);
    expect(setup.client.snapshot().waiting).toBe(1);
  });

  it('drops a connection without answers, and sends on the next one', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.scripts['message.send'] = () => 'nothing';
    await write(setup, 'hello');
    await setup.clock.advance(29_000);
    setup.server.scripts['message.send'] = () => ({ result: { status: 'stored', at: 1 } });
    await setup.clock.advance(3_000);
    expect(setup.server.peers).toHaveLength(2);
    expect(setup.client.snapshot().waiting).toBe(0);
  });

  it('refuses a message that is too long or cannot be saved', async () => {
    const setup = new ClientSetup();
    const fits = 'ä'.repeat(4_096);
    expect(await setup.client.run('message.send', { to: 'hans', text: fits })).toMatchObject({ ok: true });
    expect(await setup.client.run('message.send', { to: 'hans', text: `${fits}x` })).toMatchObject({
      failure: { reason: 'too-long' },
    });
    expect(await setup.client.run('message.send', { to: 'hans', text: '' })).toMatchObject({
      failure: { reason: 'invalid-command' },
    });
    setup.history.full = true;
    expect(await setup.client.run('message.send', { to: 'hans', text: 'x' })).toMatchObject({
      failure: { reason: 'storage-here' },
    });
  });
});

/** A server by protocol.md: it keeps one message for one id, however often it is sent. */
class Keeper {
  readonly accepted: { id: string; to: string; text: string }[] = [];

  constructor(setup: ClientSetup) {
    setup.server.scripts['message.send'] = (params) => {
      const { id, to, text } = params as { id: string; to: string; text: string };
      if (!this.accepted.some((one) => one.id === id)) this.accepted.push({ id, to, text });
      return { result: { status: 'stored', at: setup.clock.now() } };
    };
  }

  texts(to: string): string[] {
    return this.accepted.filter((one) => one.to === to).map(({ text }) => text);
  }
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('write' as const), to: fc.constantFrom('hans', 'yoda') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 700 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('disk' as const), full: fc.boolean() }) },
);

it('Outbox neither loses nor repeats a message and keeps the order despite random failures (D3, D4)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.array(step, { maxLength: 60 }), async (seed, steps) => {
      const setup = new ClientSetup(seed);
      const keeper = new Keeper(setup);
      await setup.online();
      const written: Record<string, string[]> = { hans: [], yoda: [] };
      let count = 0;
      for (const one of steps) {
        if (one.kind === 'wait') await setup.clock.advance(one.ms);
        else if (one.kind === 'cut') setup.server.peer.cut();
        else if (one.kind === 'disk') setup.history.full = one.full;
        else if (one.kind === 'write') {
          const text = String(count++);
          const outcome = await setup.client.run('message.send', { to: one.to, text });
          if (outcome.ok) written[one.to]!.push(text);
        } else {
          // The process ends: its connection breaks and its memory is lost.
          setup.client.stop();
          setup.server.peer.cut();
          setup.start();
          await setup.client.run('session.resume', {});
        }
      }
      setup.history.full = false;
      await setup.clock.advance(300_000);
      expect({ hans: keeper.texts('hans'), yoda: keeper.texts('yoda') }).toEqual(written);
      expect(setup.history.outbox()).toEqual([]);
      expect(setup.client.snapshot().waiting).toBe(0);
    }),
    { numRuns: 150 },
  );
});
