import { CLIENT_LIMITS, PRIVATE_LIMITS } from '../../../../src/shared/limits.ts';
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

const stateOf = (person: TestClient, other: string): string | undefined => person.session(other)?.state.state;

async function open(): Promise<void> {
  void hans.manager.ask('kevin', 'a word?');
  await clock.advance(10);
  kevin.manager.answer('hans', true);
  await clock.advance(100);
  expect([stateOf(hans, 'kevin'), stateOf(kevin, 'hans')]).toEqual(['open', 'open']);
}

describe('Private typing', () => {
  it('expires without a repeated line or when the path is lost', async () => {
    await open();
    const typing = () =>
      hans.events.filter(({ name }) => name === 'private.typing').map((event) => 'typing' in event && event.typing);
    kevin.manager.setTyping('hans', true);
    await clock.advance(CLIENT_LIMITS.typingMs - 500);
    kevin.manager.setTyping('hans', true);
    await clock.advance(CLIENT_LIMITS.typingMs - 500);
    expect(typing()).toEqual([true, true]);
    await clock.advance(1_000);
    expect(typing()).toEqual([true, true, false]);
    kevin.manager.setTyping('hans', true);
    await clock.advance(10);
    kevin.manager.end('hans');
    await clock.advance(10);
    expect(typing()).toEqual([true, true, false, true, false]);
    expect(clock.pending).toBe(0);
  });
});

describe('Private request', () => {
  it('shows username, note and identity, and opens a session when accepted (F1)', async () => {
    const asked = hans.manager.ask('kevin', 'a word?');
    await clock.advance(10);
    expect(await asked).toMatchObject({ ok: true });
    expect(stateOf(hans, 'kevin')).toBe('asking');
    expect(kevin.session('hans')).toMatchObject({
      initiator: false,
      state: { state: 'asked', note: 'a word?', trust: 'new' },
    });
    kevin.manager.answer('hans', true);
    await clock.advance(100);
    expect(hans.session('kevin')).toMatchObject({
      state: { state: 'open', path: { kind: 'direct-lan', address: '192.168.1.12' } },
    });
    expect(kevin.session('hans')).toMatchObject({
      state: { state: 'open', path: { kind: 'direct-lan', address: '192.168.1.10' } },
    });
    expect(network.listeners.size, 'listeners left').toBe(0);
  });

  it('reveals no address before it is accepted, by a payload or a dial (F2) [ASIDE-PEER-3-5]', async () => {
    void hans.manager.ask('kevin');
    await clock.advance(30_000);
    expect(server.wire.join('\n')).toContain('"purpose":"offer"');
    expect(server.wire.join('\n')).not.toContain('192.168.1.');
    expect(network.dials).toEqual([]);
    expect(network.listeners.size).toBe(0);
    kevin.manager.answer('hans', false);
    await clock.advance(100);
    expect(server.wire.join('\n')).not.toContain('192.168.1.');
    expect([hans.endings, kevin.endings]).toEqual([['declined by peer'], ['declined by you']]);
  });

  it.each(['initiator', 'responder'] as const)(
    'shows no address of a %s who hides it in this session, on either side (F2, F9)',
    async (side) => {
      void hans.manager.ask('kevin', undefined, side === 'initiator');
      await clock.advance(10);
      const state = kevin.session('hans')?.state;
      expect(state?.state === 'asked' && state.peerHidesAddress === true).toBe(side === 'initiator');
      kevin.manager.answer('hans', true, side === 'responder');
      await clock.advance(100);
      for (const one of [hans.session('kevin'), kevin.session('hans')]) {
        expect(one).toMatchObject({ state: { state: 'open', path: { kind: 'relayed' } } });
      }
      expect(server.wire.join('\n')).not.toContain('192.168.1.');
      expect(network.dials).toEqual([]);

      // The next session follows the address rule again.
      hans.manager.end('kevin');
      await clock.advance(100);
      void hans.manager.ask('kevin');
      await clock.advance(10);
      kevin.manager.answer('hans', true);
      await clock.advance(100);
      expect(hans.session('kevin')).toMatchObject({ state: { path: { kind: 'direct-lan' } } });
    },
  );

  it('hides the address of a user who asks for that, also if both ask at the same time (F1, F9)', async () => {
    void hans.manager.ask('kevin', undefined, true);
    void kevin.manager.ask('hans', undefined, true);
    await clock.advance(200);
    expect(hans.session('kevin')).toMatchObject({ state: { state: 'open', path: { kind: 'relayed' } } });
    expect(server.wire.join('\n')).not.toContain('192.168.1.');
  });

  it('is cancelled on both sides', async () => {
    void hans.manager.ask('kevin');
    await clock.advance(10);
    hans.manager.cancel('kevin');
    await clock.advance(10);
    expect([hans.endings, kevin.endings]).toEqual([['cancelled by you'], ['cancelled by peer']]);
  });

  it('ends on both sides without an answer, by their own clocks if the server is silent', async () => {
    void hans.manager.ask('kevin');
    await clock.advance(66_000);
    expect([hans.endings, kevin.endings]).toEqual([['expired by server'], ['expired by server']]);
    expect(clock.pending).toBe(0);
  });

  it("fails with the server's reason", async () => {
    const asked = hans.manager.ask('nobody');
    await clock.advance(10);
    expect(await asked).toMatchObject({ ok: false, failure: { reason: 'offline' } });
    expect(hans.manager.sessions()).toEqual([]);
  });

  it('is refused beside another request or a session', async () => {
    void hans.manager.ask('kevin');
    await clock.advance(10);
    expect(await hans.manager.ask('Kevin')).toMatchObject({ ok: false, failure: { reason: 'already-asking' } });
    kevin.manager.answer('hans', true);
    await clock.advance(100);
    expect(await hans.manager.ask('kevin')).toMatchObject({ ok: false, failure: { reason: 'already-open' } });
  });

  it.each([
    ['the server refuses the second', false],
    ['the server takes both', true],
  ])('becomes one session with a crossing request, if %s (F1) [ASIDE-PEER-6-8]', async (_what, takesCrossing) => {
    server.takesCrossing = takesCrossing;
    const both = [hans.manager.ask('kevin'), kevin.manager.ask('hans')];
    await clock.advance(200);
    const [one, other] = await Promise.all(both);
    expect([one?.ok, other?.ok]).toEqual([true, true]);
    expect([hans.manager.sessions().length, kevin.manager.sessions().length]).toEqual([1, 1]);
    expect([stateOf(hans, 'kevin'), stateOf(kevin, 'hans')]).toEqual(['open', 'open']);
    expect(hans.session('kevin')?.sid).toBe(kevin.session('hans')?.sid);
    hans.manager.say('kevin', 'same time!');
    await clock.advance(100);
    expect(kevin.heard).toEqual(['same time!']);
  });

  it('becomes one session with a crossing request also if the refusal overtakes that request', async () => {
    let late: () => void = () => undefined;
    server.tamper = (name, params, to) => {
      if (name !== 'requested') return params;
      server.tamper = (_name, others) => others;
      late = () => server.notify(to, name, params);
      return undefined;
    };
    const both = [hans.manager.ask('kevin'), kevin.manager.ask('hans')];
    await clock.advance(100);
    expect(stateOf(kevin, 'hans')).toBe('asking');
    late();
    await clock.advance(200);
    expect((await Promise.all(both)).map(({ ok }) => ok)).toEqual([true, true]);
    expect([stateOf(hans, 'kevin'), stateOf(kevin, 'hans')]).toEqual(['open', 'open']);
  });

  it('fails with already-asking if no crossing request arrives', async () => {
    server.introductions.set('stale', { sid: 'stale', initiator: 'hans', responder: 'kevin', open: false });
    const asked = hans.manager.ask('kevin');
    await clock.advance(3_000);
    expect(await asked).toMatchObject({ ok: false, failure: { reason: 'already-asking' } });
    expect([hans.manager.sessions(), clock.pending]).toEqual([[], 0]);
  });

  it('accepts a pending request of the same user', async () => {
    void hans.manager.ask('kevin');
    await clock.advance(10);
    expect(await kevin.manager.ask('hans')).toMatchObject({ ok: true });
    await clock.advance(100);
    expect(stateOf(kevin, 'hans')).toBe('open');
  });
});

describe('Private session', () => {
  it('delivers messages, shows their status, and keeps them from the server (F5, F7)', async () => {
    await open();
    const said = hans.manager.say('kevin', 'geheim 🤫');
    await clock.advance(100);
    expect(kevin.heard).toEqual(['geheim 🤫']);
    expect(said.ok && hans.delivered).toEqual(said.ok && [said.result.id]);
    kevin.manager.say('hans', 'verstanden');
    await clock.advance(100);
    expect(hans.heard).toEqual(['verstanden']);
    expect(server.wire.join('\n')).not.toMatch(/geheim|verstanden/);
  });

  it('uses the tunnel within 7 s if no address is reachable (F4) [ASIDE-PEER-5-8]', async () => {
    network.direct = false;
    void hans.manager.ask('kevin');
    await clock.advance(10);
    kevin.manager.answer('hans', true);
    await clock.advance(7_000);
    expect(hans.session('kevin')).toMatchObject({ state: { state: 'open', path: { kind: 'relayed' } } });
    expect(kevin.session('hans')).toMatchObject({ state: { state: 'open', path: { kind: 'relayed' } } });
    const dials = network.dials.map(({ from, candidate }) => `${from} ${candidate.address} ${candidate.port}`);
    expect(dials.length).toBeGreaterThan(2);
    for (const dial of dials) expect(dials.filter((other) => other === dial).length).toBeLessThanOrEqual(3);
    hans.manager.say('kevin', 'hello through it');
    await clock.advance(100);
    expect(kevin.heard).toEqual(['hello through it']);
  });

  it('sends a configured public address only if it listens on its port (F2)', async () => {
    // In this test network the first listener gets this port.
    hans.publicAddress = { address: '203.0.114.1', port: 20_000 };
    kevin.publicAddress = { address: '203.0.114.2', port: 20_000 };
    void hans.manager.ask('kevin');
    await clock.advance(10);
    kevin.manager.answer('hans', true);
    await clock.advance(1_000);
    const sent = ['203.0.114.1', '203.0.114.2'].filter((address) => server.wire.join('\n').includes(address));
    expect(sent).toHaveLength(1);
  });

  it.each(['hans', 'kevin'])('never reveals an address of either side if %s does not want that', async (who) => {
    (who === 'hans' ? hans : kevin).neverReveal = true;
    server.observed.set('hans', '203.0.114.1:40000').set('kevin', '203.0.114.2:40000');
    void hans.manager.ask('kevin');
    await clock.advance(10);
    kevin.manager.answer('hans', true);
    await clock.advance(200);
    expect(hans.session('kevin')).toMatchObject({ state: { state: 'open', path: { kind: 'relayed' } } });
    expect(network.dials).toEqual([]);
    expect(server.wire.join('\n')).not.toMatch(/192\.168\.1\.|203\.0\.114/);
  });

  it('ends with a reason if there is no path', async () => {
    network.direct = false;
    server.relayBusy = true;
    void hans.manager.ask('kevin');
    await clock.advance(10);
    kevin.manager.answer('hans', true);
    await clock.advance(20_000);
    expect(hans.endings).toEqual(['no-path by you']);
    expect(kevin.endings).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it("saves messages only if both sides ask, and shows each the other's choice (F7) [ASIDE-PEER-6-6]", async () => {
    await open();
    const keeps = (person: TestClient): boolean[] =>
      person.events.flatMap((event) => (event.name === 'private.message' ? [event.keep] : []));
    hans.manager.setKeep('kevin', true);
    await clock.advance(10);
    expect(kevin.session('hans')?.keep).toEqual({ own: false, peer: true });
    hans.manager.say('kevin', 'one');
    await clock.advance(100);
    kevin.manager.setKeep('hans', true);
    await clock.advance(10);
    hans.manager.say('kevin', 'two');
    await clock.advance(100);
    kevin.manager.setKeep('hans', false);
    await clock.advance(10);
    hans.manager.say('kevin', 'three');
    await clock.advance(100);
    expect([keeps(hans), keeps(kevin)]).toEqual([
      [false, true, false],
      [false, true, false],
    ]);
  });

  it('notifies the server of activity at most once in each third of the time-out (B5)', async () => {
    await open();
    hans.activities = 0;
    for (let second = 0; second < 60; second++) {
      hans.manager.say('kevin', `word ${second}`);
      await clock.advance(1_000);
    }
    expect(hans.activities).toBeGreaterThanOrEqual(2);
    expect(hans.activities).toBeLessThanOrEqual(4);
    expect(kevin.heard).toHaveLength(60);
  });

  it('stays within the rate that a peer accepts, however many messages it sends', async () => {
    await open();
    let said = 0;
    for (let second = 0; second < 60; second++) {
      while (hans.manager.say('kevin', `word ${said}`).ok) said++;
      await clock.advance(1_000);
    }
    expect([hans.endings, kevin.endings]).toEqual([[], []]);
    expect(kevin.heard.length).toBeGreaterThan(6_000);
    expect(kevin.heard.length).toBeLessThan(60 * PRIVATE_LIMITS.linesPerSecond);
  });

  it('continues without the server, and ends when the user signs out (B6, F6) [ASIDE-PEER-6-7]', async () => {
    await open();
    server.down = true;
    hans.manager.say('kevin', 'still here');
    await clock.advance(60_000);
    expect(kevin.heard).toEqual(['still here']);
    expect(stateOf(hans, 'kevin')).toBe('open');
    hans.manager.endAll('left');
    await clock.advance(10);
    expect([hans.endings, kevin.endings]).toEqual([['signed-out by you'], ['peer-left by peer']]);
    expect(clock.pending).toBe(0);
  });

  it('ends the direct connection when the server ends the session (E3)', async () => {
    await open();
    const { sid } = hans.session('kevin') ?? { sid: '' };
    server.notify('hans', 'ended', { sid, by: 'hans', reason: 'blocked' });
    await clock.advance(10);
    expect(hans.endings).toEqual(['blocked by you']);
    expect(kevin.endings).toHaveLength(1);
    expect(network.links.every((link) => link.ended)).toBe(true);
  });

  it('refuses a message that the peer would refuse', async () => {
    await open();
    const reason = (text: string): string | undefined => {
      const said = hans.manager.say('kevin', text);
      return said.ok ? undefined : said.failure.reason;
    };
    expect([reason(''), reason('\ud800'), reason('é'.repeat(4_097))]).toEqual([
      'text-invalid',
      'text-invalid',
      'too-long',
    ]);
    expect([reason(' \n\t'), reason('\u200B\uFEFF\u00AD')]).toEqual(['text-blank', 'text-blank']);
    expect([reason('é'.repeat(4_096)), reason('__proto__'), reason('x\u2028\n\t\u0000')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    await clock.advance(100);
    expect(kevin.heard).toHaveLength(3);
    expect(kevin.heard[2]).toBe('x\u2028\n\t\u0000');
    expect(await hans.manager.ask('anna', 'x'.repeat(281))).toMatchObject({ failure: { reason: 'note-too-long' } });
  });

  it('ends on both sides when either ends it (F6)', async () => {
    await open();
    kevin.manager.end('hans');
    await clock.advance(10);
    expect([hans.endings, kevin.endings]).toEqual([['ended by peer'], ['ended by you']]);
    expect(clock.pending).toBe(0);
  });

  it('ends for the peer when its client was restarted [ASIDE-PEER-6-9]', async () => {
    await open();
    kevin.restart();
    network.cutAll();
    await clock.advance(10_000);
    expect(hans.endings).toEqual(['ended by peer']);
  });

  it('detects a silent peer within 10 s and ends with the reason (F6)', async () => {
    await open();
    for (const link of network.links) link.pause();
    network.direct = false;
    network.tunnels = false;
    await clock.advance(10_000);
    expect(hans.session('kevin')).toMatchObject({ state: { state: 'connecting', because: 'path-lost' } });
    hans.manager.say('kevin', 'are you there?');
    await clock.advance(30_000);
    expect(hans.endings[0]).toMatch(/^(lost|ended) by/);
    expect(kevin.endings[0]).toMatch(/^(lost|ended) by/);
    expect(hans.events.filter(({ name }) => name === 'private.undelivered')).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('neither loses nor repeats a message while the path breaks for five minutes [ASIDE-PEER-5-9]', async () => {
    await open();
    const said: string[][] = [[], []];
    for (let step = 0; step < 300; step++) {
      for (const [index, [from, to]] of (
        [
          [hans, 'kevin'],
          [kevin, 'hans'],
        ] as const
      ).entries()) {
        const text = `${from.username} ${step}`;
        if (from.manager.say(to, text).ok) said[index]?.push(text);
      }
      // Losses at random times, also during deliveries; sometimes without a direct path or a server.
      if (step % 7 === 3) network.cutAll();
      if (step % 50 === 20) network.direct = false;
      if (step % 50 === 40) network.direct = true;
      if (step % 60 === 30) server.down = true;
      if (step % 60 === 34) {
        server.down = false;
        for (const person of [hans, kevin]) person.manager.serverBack();
      }
      await clock.advance(997 + (step % 5));
    }
    network.direct = true;
    await clock.advance(15_000);
    expect(said.map((texts) => texts.length)).toEqual([300, 300]);
    expect(kevin.heard).toEqual(said[0]);
    expect(hans.heard).toEqual(said[1]);
    expect(hans.delivered).toHaveLength(300);
    expect(new Set(hans.delivered).size).toBe(300);
  });
});

describe('Device identities (F8)', () => {
  it('are new, then known, then verified, with the same 60 digits on both sides', async () => {
    await open();
    const [one, other] = [hans.manager.safetyNumber('kevin'), kevin.manager.safetyNumber('hans')];
    expect(one).toEqual(other);
    expect(one.ok && one.result.digits).toMatch(/^(\d{5} ){11}\d{5}$/);
    expect(hans.manager.verify('kevin', true)).toEqual({ ok: true, result: { trust: 'verified' } });
    expect(hans.session('kevin')).toMatchObject({ state: { trust: 'verified' } });
  });

  it('block private sessions when changed, on both sides, until accepted [ASIDE-PEER-3-6]', async () => {
    await open();
    hans.manager.end('kevin');
    await clock.advance(10);
    kevin.identity = makeIdentity();
    kevin.restart();
    // Kevin's request is shown; accepting it is refused.
    void kevin.manager.ask('hans');
    await clock.advance(10);
    expect(hans.session('kevin')).toMatchObject({ state: { state: 'asked', trust: 'changed' } });
    expect(hans.events.at(-2)?.name).toBe('private.identityChanged');
    expect(hans.manager.answer('kevin', true)).toMatchObject({ ok: false, failure: { reason: 'identity-changed' } });
    hans.manager.answer('kevin', false);
    await clock.advance(10);
    // The answer to Hans's request is from another identity.
    void hans.manager.ask('kevin');
    await clock.advance(10);
    kevin.manager.answer('hans', true);
    await clock.advance(500);
    expect(hans.endings.at(-1)).toBe('identity-changed by you');
    expect(kevin.endings.at(-1)).toBe('ended by peer');
    expect(network.dials.filter(({ from }) => from === '192.168.1.10')).toHaveLength(1);
    expect(hans.manager.acceptIdentity('kevin')).toEqual({ ok: true, result: { trust: 'known' } });
    await open();
  });

  it('stay marked as changed until accepted, or until the known identity is back', async () => {
    await open();
    hans.manager.end('kevin');
    await clock.advance(10);
    const settled = () => hans.events.filter(({ name }) => name === 'private.identitySettled');
    const [known, other] = [kevin.identity, makeIdentity()];
    for (const accepts of [false, true]) {
      kevin.identity = other;
      kevin.restart();
      void kevin.manager.ask('hans');
      await clock.advance(10);
      hans.manager.answer('kevin', false);
      await clock.advance(10);
      expect(settled()).toHaveLength(accepts ? 1 : 0);
      expect(hans.manager.safetyNumber('kevin')).toMatchObject({ result: { trust: 'changed' } });
      if (accepts) hans.manager.acceptIdentity('kevin');
      else {
        kevin.identity = known;
        kevin.restart();
        await open();
        hans.manager.end('kevin');
        await clock.advance(10);
        expect(hans.manager.safetyNumber('kevin')).toMatchObject({ result: { trust: 'known' } });
      }
      expect(settled()).toHaveLength(accepts ? 2 : 1);
    }
    expect(settled()[0]).toEqual({ name: 'private.identitySettled', username: 'kevin' });
  });

  it('need acceptance when changed, also with crossing requests', async () => {
    await open();
    hans.manager.end('kevin');
    await clock.advance(10);
    kevin.identity = makeIdentity();
    kevin.restart();
    void kevin.manager.ask('hans');
    void hans.manager.ask('kevin');
    await clock.advance(500);
    expect(hans.session('kevin')?.state.state).not.toBe('open');
    expect(hans.events.map(({ name }) => name)).toContain('private.identityChanged');
  });
});
