import { PRIVATE_LIMITS } from '../../../../src/shared/limits.ts';
import type { ServerParams } from '../../../../src/shared/protocol/messages.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { PeerClock } from '../../../support/peer-clock.ts';
import { Introducer, makeIdentity, Person } from '../../../support/peer-introducer.ts';
import { MemoryNetwork } from '../../../support/peer-network.ts';

let clock: PeerClock;
let network: MemoryNetwork;
let server: Introducer;
let hans: Person;
let kevin: Person;

beforeEach(() => {
  clock = new PeerClock();
  network = new MemoryNetwork(clock);
  server = new Introducer();
  hans = new Person('hans', server, clock, network.transport('192.168.1.10'));
  kevin = new Person('kevin', server, clock, network.transport('192.168.1.12'));
});

const edit = (sealed: unknown, change: (payload: Record<string, unknown>) => void): string => {
  const payload = JSON.parse(Buffer.from(String(sealed), 'base64').toString('utf8')) as Record<string, unknown>;
  change(payload);
  return Buffer.from(JSON.stringify(payload)).toString('base64');
};
const warnings = (person: Person): string[] =>
  person.events.flatMap((event) => {
    if (event.name === 'private.warning') return [event.fault];
    if (event.name !== 'private.changed' || event.session.state.state !== 'ended') return [];
    const { loud, reason, fault } = event.session.state.ending;
    return loud ? [fault ?? reason] : [];
  });

async function ask(): Promise<void> {
  void hans.manager.ask('kevin');
  await clock.advance(10);
  kevin.manager.answer('hans', true);
  await clock.advance(500);
}

describe('a server that interferes is shown, and nothing is dialled [ASIDE-PEER-3-4]', () => {
  it('with an offer of another certificate', async () => {
    server.tamper = (told, params) =>
      told === 'requested'
        ? {
            ...params,
            offer: edit(params.offer, (payload) => (payload.certificate = Buffer.from('mine').toString('base64'))),
          }
        : params;
    await ask();
    expect(warnings(kevin)).toEqual(['signature']);
    expect(kevin.manager.sessions()).toEqual([]);
    expect(hans.endings).toEqual(['declined by peer']);
    expect(network.dials).toEqual([]);
  });

  it('with an offer under another name', async () => {
    server.tamper = (told, params) => (told === 'requested' ? { ...params, from: 'anna' } : params);
    await ask();
    expect(warnings(kevin)).toEqual(['names']);
  });

  it('with an answer that it made itself', async () => {
    const mallorys = new Introducer();
    const mallory = new Person('kevin', mallorys, clock, network.transport('192.168.1.66'));
    let offered: Record<string, unknown> = {};
    server.tamper = (told, params) => {
      if (told === 'requested') offered = params;
      return told === 'requested' ? undefined : params;
    };
    hans.store.put('kevin', { identityKey: kevin.identity.identityKey, verified: true, since: 0 });
    void hans.manager.ask('kevin');
    await clock.advance(10);
    mallory.manager.requested({ ...offered, expiresAt: 0 } as ServerParams<'private.requested'>);
    mallory.manager.answer('hans', true);
    await clock.advance(10);
    // Mallory's signature is right; the identity is not the known one.
    const answered = mallorys.wire.find((entry) => entry.includes('"private.answer"')) ?? '{}';
    const { params } = JSON.parse(answered) as { params: { sid: string; answer: string } };
    hans.manager.answered({ sid: params.sid, accepted: true, answer: params.answer });
    expect(warnings(hans)).toEqual(['identity-changed']);
    expect(network.dials).toEqual([]);
  });

  it.each([
    ['changed', (answer: unknown) => edit(answer, (payload) => (payload.candidates = [])), 'signature'],
    ['left out', () => undefined, 'malformed'],
    ['that is the offer, sent back', (_answer: unknown, offer: string) => offer, 'role'],
  ])('with an answer %s', async (_what, change, fault) => {
    let offer = '';
    server.tamper = (told, params) => {
      if (told === 'requested') offer = String(params.offer);
      return told === 'answered' ? { ...params, answer: change(params.answer, offer) } : params;
    };
    await ask();
    expect(warnings(hans)).toEqual([fault]);
    expect(network.dials.filter(({ from }) => from === '192.168.1.10')).toEqual([]);
    expect(kevin.endings).toEqual(['ended by peer']);
    expect(network.listeners.size).toBe(0);
  });

  it.each([
    ['changed', (signal: unknown) => edit(signal, (payload) => (payload.about = 'tunnel')), 'signature'],
    ['rubbish', () => 'AAAA', 'malformed'],
  ])('with a signal %s', async (_what, change, fault) => {
    server.tamper = (told, params, to) =>
      told === 'signal' && to === 'hans' ? { ...params, payload: change(params.payload) } : params;
    await ask();
    expect(warnings(hans)).toEqual([fault]);
    expect(hans.manager.sessions()).toEqual([]);
    expect(kevin.manager.sessions()).toEqual([]);
  });

  it('with a signal that comes twice', async () => {
    server.tamper = (told, params, to) => {
      const again = params as { sid: string; payload: string };
      if (told === 'signal' && to === 'kevin') void Promise.resolve().then(() => kevin.manager.signal(again));
      return params;
    };
    await ask();
    expect(warnings(kevin)).toEqual(['replayed']);
    expect(hans.manager.sessions()).toEqual([]);
  });

  it("with one's own signal, sent back", async () => {
    server.tamper = (told, params, to) => {
      const mirrored = params as { sid: string; payload: string };
      if (told === 'signal' && to === 'hans') void Promise.resolve().then(() => kevin.manager.signal(mirrored));
      return params;
    };
    await ask();
    expect(warnings(kevin)).toEqual(['identity']);
  });

  it('with an offer that was used before, and a living session is not touched by it', async () => {
    let offered: Record<string, unknown> = {};
    server.tamper = (told, params) => {
      if (told === 'requested') offered = params;
      return params;
    };
    await ask();
    expect(kevin.session('hans')?.state.state).toBe('open');
    server.tell('kevin', 'requested', offered);
    await clock.advance(10);
    expect(warnings(kevin)).toEqual(['replayed']);
    expect(kevin.session('hans')?.state.state).toBe('open');
    hans.manager.end('kevin');
    await clock.advance(10);
    server.tell('kevin', 'requested', { ...offered, sid: '019363a0-0000-7000-8000-000000000009' });
    await clock.advance(10);
    expect(warnings(kevin)).toEqual(['replayed', 'session']);
    expect(kevin.manager.sessions()).toEqual([]);
  });

  it('with an offer that it held back', async () => {
    let offered: Record<string, unknown> = {};
    server.tamper = (told, params) => {
      if (told === 'requested') offered = params;
      return told === 'requested' ? undefined : params;
    };
    void hans.manager.ask('kevin');
    await clock.advance(PRIVATE_LIMITS.clockSkewMs + PRIVATE_LIMITS.introductionLifeMs);
    server.tamper = (_told, params) => params;
    server.tell('kevin', 'requested', offered);
    await clock.advance(10);
    expect(warnings(kevin)).toEqual(['expired']);
  });

  it('with a yes that nobody gave', async () => {
    void hans.manager.ask('kevin');
    await clock.advance(10);
    const sid = hans.session('kevin')?.sid ?? '';
    server.tell('hans', 'answered', { sid, accepted: true });
    await clock.advance(10);
    expect(warnings(hans)).toEqual(['malformed']);
    expect(network.dials).toEqual([]);
  });

  it('with signals before the yes: no address is told or dialled', async () => {
    void hans.manager.ask('kevin');
    await clock.advance(10);
    const sid = hans.session('kevin')?.sid ?? '';
    for (const to of ['hans', 'kevin']) server.tell(to, 'signal', { sid, payload: 'AAAA', observed: '8.8.8.8:40000' });
    await clock.advance(1_000);
    expect(network.dials).toEqual([]);
    expect(server.wire.join('\n')).not.toContain('192.168.1.');
    expect(kevin.session('hans')?.state.state).toBe('asked');
  });
});

describe('somebody in between', () => {
  it.each([
    ['on the direct path', true],
    ['in the tunnel', false],
  ])('%s ends the session with a warning, and no other path is tried', async (_where, direct) => {
    network.impostor = true;
    network.direct = direct;
    void hans.manager.ask('kevin');
    await clock.advance(10);
    kevin.manager.answer('hans', true);
    await clock.advance(20_000);
    expect([...warnings(hans), ...warnings(kevin)]).toContain('impostor');
    expect([hans.manager.sessions(), kevin.manager.sessions()]).toEqual([[], []]);
    expect(server.wire.some((entry) => entry.includes('private.relay'))).toBe(!direct);
    expect(network.links).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});

describe('what a peer may do', () => {
  it('rounds are led by the initiator, so a responder cannot make it dial at will', async () => {
    await ask();
    const before = network.dials.length;
    network.cutAll();
    await clock.advance(5_000);
    expect(hans.session('kevin')?.state.state).toBe('open');
    expect(network.dials.length - before).toBeLessThanOrEqual(4);
  });

  it('a request while a session is open is a restarted client: the old session ends, the new one is asked', async () => {
    await ask();
    hans.restart();
    server.introductions.clear();
    void hans.manager.ask('kevin');
    await clock.advance(10);
    expect(kevin.endings).toEqual(['lost by peer']);
    expect(kevin.session('hans')?.state.state).toBe('asked');
  });

  it('identities: a new key under a known name in an offer cannot be accepted unseen', async () => {
    kevin.store.put('hans', { identityKey: makeIdentity().identityKey, verified: true, since: 0 });
    await ask();
    expect(kevin.session('hans')?.state).toMatchObject({ state: 'asked', trust: 'changed' });
    expect(network.dials).toEqual([]);
    kevin.manager.acceptIdentity('hans');
    kevin.manager.answer('hans', true);
    await clock.advance(500);
    expect(kevin.session('hans')?.state).toMatchObject({ state: 'open', trust: 'known' });
  });
});
