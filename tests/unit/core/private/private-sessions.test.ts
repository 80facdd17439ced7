import { beforeEach, describe, expect, it } from 'vitest';
import { emptyView, reduce } from '../../../../src/shared/client-api/reduce.ts';
import { ClientSetup } from '../../../support/client-setup.ts';

const SID = '018c3f5e-0000-7000-8000-0000000000ff';
const UNKNOWN = { sid: SID, payload: 'AAAA' };
let setup: ClientSetup;

beforeEach(async () => {
  setup = new ClientSetup();
  setup.server.scripts['private.request'] = () => ({ result: { expiresAt: 1 } });
  await setup.online();
});

/** Waits for the session certificate, which real cryptography makes. */
async function turns(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 5_000 && !condition(); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    await setup.clock.advance(1);
  }
  expect(condition()).toBe(true);
  await setup.clock.advance(5);
}

const asked = () => setup.server.peer.count('private.request') > 0;
const endings = () =>
  setup
    .emitted('private.changed')
    .flatMap(({ session: { state } }) =>
      state.state === 'ended' ? [`${state.ending.reason} by ${state.ending.by}`] : [],
    );

describe('PrivateSessions', () => {
  it('end a request without an answer, even if the server does not (F1)', async () => {
    const outcome = setup.client.run('private.ask', { username: 'hans', note: 'a word?' });
    await turns(asked);
    await setup.clock.advance(10);
    expect((await outcome).ok).toBe(true);
    expect(setup.client.snapshot().privateSessions).toMatchObject([{ username: 'hans', state: { state: 'asking' } }]);
    await setup.clock.advance(66_000);
    expect(endings()).toEqual(['expired by server']);
    expect(setup.client.snapshot().privateSessions).toEqual([]);
  });

  it.each(['declined', 'cancelled', 'expired', 'peer-left', 'blocked', 'ended', 'of-a-newer-server'])(
    'end when the server ends them: %s',
    async (reason) => {
      void setup.client.run('private.ask', { username: 'hans' });
      await turns(asked);
      const { sid } = setup.client.snapshot().privateSessions[0] ?? {};
      setup.server.peer.notify('private.ended', { sid, by: 'hans', reason });
      await setup.clock.advance(10);
      expect(setup.client.snapshot().privateSessions).toEqual([]);
      expect(endings()).toEqual([`${reason === 'of-a-newer-server' ? 'ended' : reason} by peer`]);
    },
  );

  it('end a session at the server that the restarted client does not know', async () => {
    setup.server.peer.notify('private.signal', UNKNOWN);
    await setup.clock.advance(10);
    expect(setup.server.peer.received.find(({ method }) => method === 'private.end')?.params).toEqual({ sid: SID });
    setup.server.peer.notify('private.answered', { sid: SID, accepted: true, answer: 'AAAA' });
    await setup.clock.advance(10);
    expect(setup.server.peer.count('private.end')).toBe(2);
  });

  it('decline a request with an invalid signature, with a warning and without asking the user (F2)', async () => {
    setup.server.peer.notify('private.requested', { sid: SID, from: 'hans', offer: 'AAAA', expiresAt: 1 });
    await setup.clock.advance(10);
    expect(setup.emitted('private.warning')).toMatchObject([{ username: 'hans' }]);
    expect(setup.client.snapshot().privateSessions).toEqual([]);
    const answer = setup.server.peer.received.find(({ method }) => method === 'private.answer');
    expect(answer?.params).toEqual({ sid: SID, accept: false });
  });

  it('cancel requests before signing out closes the connection (B6)', async () => {
    void setup.client.run('private.ask', { username: 'hans' });
    await turns(asked);
    void setup.client.run('session.signOut', {});
    await setup.clock.advance(10);
    const methods = setup.server.peer.received.map(({ method }) => method);
    expect(methods.indexOf('private.cancel')).toBeGreaterThan(0);
    expect(methods.indexOf('private.cancel')).toBeLessThan(methods.indexOf('session.signOut'));
    expect(setup.client.snapshot().privateSessions).toEqual([]);
  });

  it('continue after a lost connection, and end when the server signs the user out (B5)', async () => {
    void setup.client.run('private.ask', { username: 'hans' });
    await turns(asked);
    setup.server.peer.cut();
    await setup.clock.advance(5);
    expect(setup.client.snapshot().privateSessions).toHaveLength(1);
    await setup.clock.advance(5_000);
    expect(setup.state).toBe('online');
    setup.server.peer.notify('session.ended', { reason: 'timed-out' });
    setup.server.peer.end();
    await setup.clock.advance(10);
    expect(setup.state).toBe('signed-out');
    expect(endings()).toEqual(['signed-out by you']);
  });

  it('use the spelling of a username in the online list', async () => {
    setup.server.peer.notify('presence.changed', { username: 'Hans', online: true, at: 1 });
    await setup.clock.advance(10);
    void setup.client.run('private.ask', { username: 'hANS' });
    await turns(asked);
    expect(setup.server.peer.received.at(-1)?.params).toMatchObject({ to: 'Hans' });
  });

  it('store the rule about revealing addresses, in general and for single users (F2)', async () => {
    const rule = () => setup.client.snapshot().addressRule;
    await setup.client.run('private.revealAddress', { reveal: false, username: 'Hans' });
    await setup.client.run('private.revealAddress', { reveal: true });
    expect(rule()).toEqual({ reveal: true, people: { hans: false } });
    expect(setup.peers.addressRules.read()).toEqual(rule());
    await setup.client.run('private.revealAddress', { reveal: false });
    await setup.client.run('private.revealAddress', { reveal: true, username: 'hans' });
    expect(rule()).toEqual({ reveal: false, people: { hans: true } });
    await setup.client.run('private.revealAddress', { username: 'HANS' });
    expect(rule()).toEqual({ reveal: false, people: {} });
    expect(setup.peers.addressRules.read()).toEqual(rule());
    expect(await setup.client.run('private.revealAddress', {})).toMatchObject({ ok: false });
  });

  it('emit events that give the view from an empty one', async () => {
    void setup.client.run('private.ask', { username: 'hans' });
    await turns(asked);
    await setup.client.run('private.revealAddress', { reveal: false });
    const view = setup.events.reduce(reduce, emptyView());
    expect(view).toEqual(setup.client.snapshot());
  });
});

describe('View of a private session', () => {
  const message = (id: number, incoming: boolean) =>
    ({ id: String(id), sid: SID, username: 'hans', incoming, text: `text ${id}`, at: id }) as const;
  const open = {
    sid: SID,
    username: 'hans',
    initiator: true,
    state: { state: 'open', path: { kind: 'relayed' }, trust: 'known' },
    keep: { own: false, peer: false },
  } as const;

  it('has its messages, bounded, with their delivery, until the session ends (F7)', () => {
    let view = reduce(emptyView(), { seq: 1, name: 'private.changed', params: { session: open } });
    for (let n = 1; n <= 600; n++) {
      const params = { message: message(n, n % 2 === 0), keep: false };
      view = reduce(view, { seq: n + 1, name: 'private.message', params });
    }
    expect(view.privateSessions[0]?.lines).toHaveLength(500);
    expect(view.privateSessions[0]?.lines.at(-1)).toMatchObject({ id: '600', incoming: true, delivered: true });
    const about = { sid: SID, username: 'hans' };
    view = reduce(view, { seq: 700, name: 'private.delivered', params: { ...about, ids: ['597', '599'] } });
    const arrived = view.privateSessions[0]?.lines.filter(({ incoming, delivered }) => !incoming && delivered);
    expect(arrived?.map(({ id }) => id)).toEqual(['597', '599']);
    view = reduce(view, {
      seq: 701,
      name: 'private.changed',
      params: { session: { ...open, keep: { own: true, peer: false } } },
    });
    expect(view.privateSessions[0]).toMatchObject({ keep: { own: true }, lines: { length: 500 } });
    const ending = { reason: 'ended', by: 'you', loud: false } as const;
    view = reduce(view, {
      seq: 702,
      name: 'private.changed',
      params: { session: { ...open, state: { state: 'ended', ending } } },
    });
    expect(JSON.stringify(view)).not.toContain('text 5');
  });
});
