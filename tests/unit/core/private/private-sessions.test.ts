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

/** Lets the throw-away certificate, which real cryptography makes, come to be. */
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
    .told('private.changed')
    .flatMap(({ session: { state } }) =>
      state.state === 'ended' ? [`${state.ending.reason} by ${state.ending.by}`] : [],
    );

describe('a client and its private sessions', () => {
  it('a request without an answer ends here, even where the server never says so (F1)', async () => {
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
    'is over when the server says so: %s',
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

  it('a session that this client does not know, as after its restart, is ended for the other', async () => {
    setup.server.peer.notify('private.signal', UNKNOWN);
    await setup.clock.advance(10);
    expect(setup.server.peer.received.find(({ method }) => method === 'private.end')?.params).toEqual({ sid: SID });
    setup.server.peer.notify('private.answered', { sid: SID, accepted: true, answer: 'AAAA' });
    await setup.clock.advance(10);
    expect(setup.server.peer.count('private.end')).toBe(2);
  });

  it('a request that is not rightly signed is answered no, with a warning, and asks nobody (F2)', async () => {
    setup.server.peer.notify('private.requested', { sid: SID, from: 'hans', offer: 'AAAA', expiresAt: 1 });
    await setup.clock.advance(10);
    expect(setup.told('private.warning')).toMatchObject([{ username: 'hans' }]);
    expect(setup.client.snapshot().privateSessions).toEqual([]);
    const answer = setup.server.peer.received.find(({ method }) => method === 'private.answer');
    expect(answer?.params).toEqual({ sid: SID, accept: false });
  });

  it('signing out takes requests back while there is still a connection (B6)', async () => {
    void setup.client.run('private.ask', { username: 'hans' });
    await turns(asked);
    void setup.client.run('session.signOut', {});
    await setup.clock.advance(10);
    const methods = setup.server.peer.received.map(({ method }) => method);
    expect(methods.indexOf('private.cancel')).toBeGreaterThan(0);
    expect(methods.indexOf('private.cancel')).toBeLessThan(methods.indexOf('session.signOut'));
    expect(setup.client.snapshot().privateSessions).toEqual([]);
  });

  it('a connection that is lost ends nothing; being signed out by the server ends everything (B5)', async () => {
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

  it('a name is asked as its owner writes it', async () => {
    setup.server.peer.notify('presence.changed', { username: 'Hans', online: true, at: 1 });
    await setup.clock.advance(10);
    void setup.client.run('private.ask', { username: 'hANS' });
    await turns(asked);
    expect(setup.server.peer.received.at(-1)?.params).toMatchObject({ to: 'Hans' });
  });

  it('who may learn the address is remembered; of everybody and of single people (F2)', async () => {
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

  it('the view is what its events make of an empty one', async () => {
    void setup.client.run('private.ask', { username: 'hans' });
    await turns(asked);
    await setup.client.run('private.revealAddress', { reveal: false });
    const view = setup.events.reduce(reduce, emptyView());
    expect(view).toEqual(setup.client.snapshot());
  });
});

describe('what the view holds of a private session', () => {
  const message = (id: number, incoming: boolean) =>
    ({ id: String(id), sid: SID, username: 'hans', incoming, text: `text ${id}`, at: id }) as const;
  const open = {
    sid: SID,
    username: 'hans',
    initiator: true,
    state: { state: 'open', path: { kind: 'relayed' }, trust: 'known' },
    keep: { own: false, peer: false },
  } as const;

  it('is what was said, bounded, with what arrived; nothing once it is over (F7)', () => {
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
    const ending = { reason: 'ended', by: 'you', loud: false, text: '' } as const;
    view = reduce(view, {
      seq: 702,
      name: 'private.changed',
      params: { session: { ...open, state: { state: 'ended', ending } } },
    });
    expect(JSON.stringify(view)).not.toContain('text 5');
  });
});
