import { PRIVATE_LIMITS } from '../../../../src/shared/limits.ts';
import type { ServerParams } from '../../../../src/shared/protocol/messages.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { PeerClock } from '../../../support/peer-clock.ts';
import { Introducer, makeIdentity, TestClient } from '../../../support/peer-introducer.ts';
import { MemoryNetwork } from '../../../support/peer-network.ts';

let clock: PeerClock;
let network: MemoryNetwork;
let server: Introducer;
let hans: TestClient;
let kevin: TestClient;

beforeEach(() => {
  clock = new PeerClock();
  network = new MemoryNetwork(clock);
  server = new Introducer();
  hans = new TestClient('hans', server, clock, network.transport('192.168.1.10'));
  kevin = new TestClient('kevin', server, clock, network.transport('192.168.1.12'));
});

const edit = (sealed: unknown, change: (payload: Record<string, unknown>) => void): string => {
  const payload = JSON.parse(Buffer.from(String(sealed), 'base64').toString('utf8')) as Record<string, unknown>;
  change(payload);
  return Buffer.from(JSON.stringify(payload)).toString('base64');
};
const warnings = (person: TestClient): string[] =>
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

describe('Interference of the server [ASIDE-PEER-3-4]', () => {
  it('causes a warning and no dial if the certificate of an offer is changed', async () => {
    server.tamper = (name, params) =>
      name === 'requested'
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

  it('causes a warning if an offer arrives under another username', async () => {
    server.tamper = (name, params) => (name === 'requested' ? { ...params, from: 'anna' } : params);
    await ask();
    expect(warnings(kevin)).toEqual(['names']);
  });

  it('causes a warning and no dial if another identity signed the answer', async () => {
    const mallorys = new Introducer();
    const mallory = new TestClient('kevin', mallorys, clock, network.transport('192.168.1.66'));
    let offered: Record<string, unknown> = {};
    server.tamper = (name, params) => {
      if (name === 'requested') offered = params;
      return name === 'requested' ? undefined : params;
    };
    hans.store.put('kevin', { identityKey: kevin.identity.identityKey, verified: true, since: 0 });
    void hans.manager.ask('kevin');
    await clock.advance(10);
    mallory.manager.requested({ ...offered, expiresAt: 0 } as ServerParams<'private.requested'>);
    mallory.manager.answer('hans', true);
    await clock.advance(10);
    // Mallory's signature is valid; the identity is not the known one.
    const answered = mallorys.wire.find((entry) => entry.includes('"private.answer"')) ?? '{}';
    const { params } = JSON.parse(answered) as { params: { sid: string; answer: string } };
    hans.manager.answered({ sid: params.sid, accepted: true, answer: params.answer });
    expect(warnings(hans)).toEqual(['identity-changed']);
    expect(network.dials).toEqual([]);
  });

  it.each([
    ['that is changed', (answer: unknown) => edit(answer, (payload) => (payload.candidates = [])), 'signature'],
    ['without a payload', () => undefined, 'malformed'],
    ['that is the mirrored offer', (_answer: unknown, offer: string) => offer, 'role'],
  ])('causes a warning and no dial for an answer %s', async (_what, change, fault) => {
    let offer = '';
    server.tamper = (name, params) => {
      if (name === 'requested') offer = String(params.offer);
      return name === 'answered' ? { ...params, answer: change(params.answer, offer) } : params;
    };
    await ask();
    expect(warnings(hans)).toEqual([fault]);
    expect(network.dials.filter(({ from }) => from === '192.168.1.10')).toEqual([]);
    expect(kevin.endings).toEqual(['ended by peer']);
    expect(network.listeners.size).toBe(0);
  });

  it.each([
    ['that is changed', (signal: unknown) => edit(signal, (payload) => (payload.about = 'tunnel')), 'signature'],
    ['that is no payload', () => 'AAAA', 'malformed'],
  ])('causes a warning, and the session ends, for a signal %s', async (_what, change, fault) => {
    server.tamper = (name, params, to) =>
      name === 'signal' && to === 'hans' ? { ...params, payload: change(params.payload) } : params;
    await ask();
    expect(warnings(hans)).toEqual([fault]);
    expect(hans.manager.sessions()).toEqual([]);
    expect(kevin.manager.sessions()).toEqual([]);
  });

  it('causes a warning, and the session ends, for a repeated signal', async () => {
    server.tamper = (name, params, to) => {
      const again = params as { sid: string; payload: string };
      if (name === 'signal' && to === 'kevin') void Promise.resolve().then(() => kevin.manager.signal(again));
      return params;
    };
    await ask();
    expect(warnings(kevin)).toEqual(['replayed']);
    expect(hans.manager.sessions()).toEqual([]);
  });

  it('causes a warning for a mirrored signal', async () => {
    server.tamper = (name, params, to) => {
      const mirrored = params as { sid: string; payload: string };
      if (name === 'signal' && to === 'hans') void Promise.resolve().then(() => kevin.manager.signal(mirrored));
      return params;
    };
    await ask();
    expect(warnings(kevin)).toEqual(['identity']);
  });

  it('causes a warning for a repeated offer, and a live session continues', async () => {
    let offered: Record<string, unknown> = {};
    server.tamper = (name, params) => {
      if (name === 'requested') offered = params;
      return params;
    };
    await ask();
    expect(kevin.session('hans')?.state.state).toBe('open');
    server.notify('kevin', 'requested', offered);
    await clock.advance(10);
    expect(warnings(kevin)).toEqual(['replayed']);
    expect(kevin.session('hans')?.state.state).toBe('open');
    hans.manager.end('kevin');
    await clock.advance(10);
    server.notify('kevin', 'requested', { ...offered, sid: '019363a0-0000-7000-8000-000000000009' });
    await clock.advance(10);
    expect(warnings(kevin)).toEqual(['replayed', 'session']);
    expect(kevin.manager.sessions()).toEqual([]);
  });

  it('causes a warning for a delayed offer', async () => {
    let offered: Record<string, unknown> = {};
    server.tamper = (name, params) => {
      if (name === 'requested') offered = params;
      return name === 'requested' ? undefined : params;
    };
    void hans.manager.ask('kevin');
    await clock.advance(PRIVATE_LIMITS.clockSkewMs + PRIVATE_LIMITS.introductionLifeMs);
    server.tamper = (_name, params) => params;
    server.notify('kevin', 'requested', offered);
    await clock.advance(10);
    expect(warnings(kevin)).toEqual(['expired']);
  });

  it('causes a warning and no dial for a forged acceptance', async () => {
    void hans.manager.ask('kevin');
    await clock.advance(10);
    const sid = hans.session('kevin')?.sid ?? '';
    server.notify('hans', 'answered', { sid, accepted: true });
    await clock.advance(10);
    expect(warnings(hans)).toEqual(['malformed']);
    expect(network.dials).toEqual([]);
  });

  it('reveals no address and causes no dial with signals before the acceptance', async () => {
    void hans.manager.ask('kevin');
    await clock.advance(10);
    const sid = hans.session('kevin')?.sid ?? '';
    for (const to of ['hans', 'kevin'])
      server.notify(to, 'signal', { sid, payload: 'AAAA', observed: '8.8.8.8:40000' });
    await clock.advance(1_000);
    expect(network.dials).toEqual([]);
    expect(server.wire.join('\n')).not.toContain('192.168.1.');
    expect(kevin.session('hans')?.state.state).toBe('asked');
  });
});

describe('Impostor', () => {
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

describe('Peer', () => {
  it('cannot make the initiator dial at will as responder, because the initiator leads the rounds', async () => {
    await ask();
    const before = network.dials.length;
    network.cutAll();
    await clock.advance(5_000);
    expect(hans.session('kevin')?.state.state).toBe('open');
    expect(network.dials.length - before).toBeLessThanOrEqual(4);
  });

  it('ends the old session with a new request, because its client was restarted', async () => {
    await ask();
    hans.restart();
    server.introductions.clear();
    void hans.manager.ask('kevin');
    await clock.advance(10);
    expect(kevin.endings).toEqual(['lost by peer']);
    expect(kevin.session('hans')?.state.state).toBe('asked');
  });

  it('cannot have an offer with a changed identity accepted without its acceptance', async () => {
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
