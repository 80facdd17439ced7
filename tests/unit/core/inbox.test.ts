import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClientSetup } from '../../support/client-setup.ts';
import type { ScriptedPeer } from '../../support/scripted-server.ts';

const uuid = (n: number) => `018c3f5e-0000-7000-8000-${String(n).padStart(12, '0')}`;
const line = (n: number, message: number, from = 'hans') =>
  `${JSON.stringify({
    jsonrpc: '2.0',
    method: 'message.new',
    params: { n, id: uuid(message), from, text: `text ${message}`, at: 5, stored: true },
  })}\n`;

const shown = (setup: ClientSetup) => setup.emitted('message.added').map(({ message }) => message.text);
const confirms = (setup: ClientSetup) =>
  setup.server.peer.received.filter(({ method }) => method === 'message.confirm').map(({ params }) => params.through);

describe('Inbox', () => {
  it('shows a message when it is on disk, then confirms it', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.peer.sendRaw(line(1, 1));
    await setup.clock.advance(3);
    expect(shown(setup)).toEqual(['text 1']);
    expect(setup.history.textsFrom('hans')).toEqual(['text 1']);
    expect(confirms(setup)).toEqual([1]);
  });

  it('stores the messages of one chunk in one transaction', async () => {
    const setup = new ClientSetup();
    await setup.online();
    const before = setup.history.transactions;
    setup.server.peer.sendRaw(Array.from({ length: 40 }, (_one, n) => line(n + 1, n)).join(''));
    await setup.clock.advance(3);
    expect(setup.history.transactions).toBe(before + 1);
    expect(confirms(setup)).toEqual([40]);
  });

  it('confirms cumulatively, at the latest 50 ms after', async () => {
    const setup = new ClientSetup();
    await setup.online();
    for (let n = 1; n <= 20; n++) {
      setup.server.peer.sendRaw(line(n, n));
      await setup.clock.advance(10);
    }
    await setup.clock.advance(60);
    expect(confirms(setup).at(-1)).toBe(20);
    expect(confirms(setup).length).toBeLessThanOrEqual(6);
    const times = setup.server.peer.received.filter(({ method }) => method === 'message.confirm').map(({ at }) => at);
    expect(Math.max(...times.slice(1).map((at, index) => at - times[index]!))).toBeLessThanOrEqual(50);
  });

  it('stores the final status of a stored message before it confirms (D2)', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.scripts['message.send'] = () => ({ result: { status: 'stored', at: 1 } });
    const ids = await Promise.all(
      ['one', 'two', 'three'].map(async (text) => {
        const outcome = await setup.client.run('message.send', { to: 'hans', text });
        return outcome.ok ? outcome.result.message.id : '';
      }),
    );
    await setup.clock.advance(10);
    const settle = (n: number, status: 'delivered' | 'expired' | 'withdrawn') =>
      setup.server.peer.notify('message.settled', { n, id: ids[n - 1]!, to: 'hans', status, at: 9 });
    settle(1, 'delivered');
    settle(2, 'expired');
    settle(3, 'withdrawn');
    await setup.clock.advance(100);
    expect(setup.history.messages.map(({ status }) => status)).toEqual([
      { state: 'delivered' },
      { state: 'refused', reason: 'expired' },
      { state: 'refused', reason: 'withdrawn' },
    ]);
    const changes = setup.emitted('message.changed').filter(({ id }) => id === ids[0]);
    expect(changes.map(({ status }) => status)).toEqual([{ state: 'stored' }, { state: 'delivered' }]);
    expect(confirms(setup).at(-1)).toBe(3);
  });

  it('does not send a message again whose settlement overtakes the lost answer (D3)', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.scripts['message.send'] = () => 'nothing';
    const outcome = await setup.client.run('message.send', { to: 'hans', text: 'once' });
    const id = outcome.ok ? outcome.result.message.id : '';
    setup.server.peer.notify('message.settled', { n: 1, id, to: 'hans', status: 'delivered', at: 9 });
    await setup.clock.advance(100);
    expect(setup.history.messages[0]?.status).toEqual({ state: 'delivered' });
    expect(setup.client.snapshot().waiting).toBe(0);
    setup.server.peer.cut();
    await setup.clock.advance(5_000);
    const sends = setup.server.peers.flatMap(({ received }) =>
      received.filter(({ method }) => method === 'message.send'),
    );
    expect(sends).toHaveLength(1);
  });

  it('shows a repeated message once and confirms it again (D3)', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.peer.sendRaw(line(1, 1));
    await setup.clock.advance(100);
    setup.server.peer.cut();
    await setup.clock.advance(1_000);
    setup.server.peer.sendRaw(line(1, 1) + line(2, 2) + line(3, 1, 'yoda'));
    await setup.clock.advance(100);
    expect(shown(setup)).toEqual(['text 1', 'text 2', 'text 1']);
    expect(confirms(setup)).toEqual([3]);
  });

  it('does not confirm a message that it cannot store, and receives it again later (D3)', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.history.full = true;
    setup.server.peer.sendRaw(line(1, 1));
    await setup.clock.advance(3);
    expect(shown(setup)).toEqual([]);
    expect(setup.client.snapshot().connection).toMatchObject({ problem: { kind: 'storage' } });
    expect(confirms(setup)).toEqual([]);
    setup.history.full = false;
    await setup.clock.advance(1_000);
    setup.server.peer.sendRaw(line(1, 1));
    await setup.clock.advance(3);
    expect(shown(setup)).toEqual(['text 1']);
  });

  it('drops the connection at a gap, because confirming past it would lose a message', async () => {
    const setup = new ClientSetup();
    await setup.online();
    setup.server.peer.sendRaw(line(1, 1) + line(3, 3));
    await setup.clock.advance(3);
    expect(setup.client.snapshot().connection).toMatchObject({ problem: { kind: 'protocol-error' } });
    expect(shown(setup)).toEqual(['text 1']);
  });

  it('stores each broadcast once, in the conversation of broadcasts', async () => {
    const setup = new ClientSetup();
    await setup.online();
    const broadcast = { id: uuid(9), from: 'hans', text: 'all', at: 5 };
    setup.server.peer.notify('broadcast.new', broadcast);
    setup.server.peer.notify('broadcast.new', broadcast);
    await setup.clock.advance(10);
    expect(setup.emitted('message.added').map(({ message }) => message.conversation)).toEqual(['#everyone']);
    expect(setup.server.peer.count('message.confirm')).toBe(0);
  });
});

/** A mailbox by protocol.md: unconfirmed messages are sent again, in order, on the next connection. */
class Mailbox {
  #unconfirmed: number[] = [];
  #sent: number[] = [];
  #peer: ScriptedPeer | undefined;

  constructor(setup: ClientSetup) {
    const resume = setup.server.scripts['session.resume']!;
    setup.server.scripts['session.resume'] = (params, peer, id) => {
      this.#peer = peer;
      this.#sent = [];
      setup.clock.after(0, () => this.#sendAll(peer));
      return resume(params, peer, id);
    };
    setup.server.scripts['session.signIn'] = setup.server.scripts['session.resume'];
    setup.server.scripts['message.confirm'] = ({ through }, peer) => {
      if (peer !== this.#peer) return 'nothing';
      const confirmed = this.#sent.slice(0, Number(through));
      this.#unconfirmed = this.#unconfirmed.filter((message) => !confirmed.includes(message));
      return 'nothing';
    };
  }

  put(message: number): void {
    this.#unconfirmed.push(message);
    if (this.#peer !== undefined && !this.#peer.closed) this.#send(this.#peer, message);
  }

  get empty(): boolean {
    return this.#unconfirmed.length === 0;
  }

  #sendAll(peer: ScriptedPeer): void {
    for (const message of this.#unconfirmed) if (!this.#sent.includes(message)) this.#send(peer, message);
  }

  #send(peer: ScriptedPeer, message: number): void {
    this.#sent.push(message);
    peer.sendRaw(line(this.#sent.length, message));
  }
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: 'put' as const }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 700 }) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'cut' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'crash' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('disk' as const), full: fc.boolean() }) },
);

it('Inbox shows every message once and in order despite random failures (D3, D4)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.array(step, { maxLength: 60 }), async (seed, steps) => {
      const setup = new ClientSetup(seed);
      const mailbox = new Mailbox(setup);
      await setup.online();
      let count = 0;
      for (const one of steps) {
        if (one.kind === 'put') mailbox.put(count++);
        else if (one.kind === 'wait') await setup.clock.advance(one.ms);
        else if (one.kind === 'cut') setup.server.peer.cut();
        else if (one.kind === 'disk') setup.history.full = one.full;
        else {
          setup.client.stop();
          setup.server.peer.cut();
          setup.start();
          await setup.client.run('session.resume', {});
        }
      }
      setup.history.full = false;
      await setup.clock.advance(200_000);
      const all = Array.from({ length: count }, (_one, n) => `text ${n}`);
      expect(setup.history.textsFrom('hans')).toEqual(all);
      expect(shown(setup)).toEqual(all);
      expect(mailbox.empty).toBe(true);
    }),
    { numRuns: 150 },
  );
});
