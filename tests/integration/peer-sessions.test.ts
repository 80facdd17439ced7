import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  Attempt,
  EndpointSecurity,
  PeerLink,
  PeerTransport,
  SessionCertificate,
} from '../../src/core/private/private-ports.ts';
import { systemClock } from '../../src/node/clock.ts';
import { sessionCertificates } from '../../src/node/peer/peer-certificate.ts';
import { peerTransport } from '../../src/node/peer/peer-transport.ts';
import { eventually, everything } from '../support/peer-endpoints.ts';
import { Introducer, makeIdentity, TestClient } from '../support/peer-introducer.ts';
import { ScriptedRelay } from '../support/peer-relay.ts';

let server: Introducer;
let relay: ScriptedRelay;
let hans: TestClient;
let kevin: TestClient;
/** Ports of all listeners, and the security of every endpoint, newest last. */
let ports: number[];
let securities: EndpointSecurity[];
/** Links that the core received, newest last. */
let links: PeerLink[];
let made: SessionCertificate[];
const pem = (certificate: string): string => `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`;

/** The real transport with records. It hides all addresses of this computer but loopback. */
function watched(): PeerTransport {
  const real = peerTransport({ relay: () => relay.target, listenHost: '127.0.0.1' });
  const note = (link: PeerLink): PeerLink => {
    links.push(link);
    return link;
  };
  return {
    localAddresses: () => [{ address: '127.0.0.1' }],
    endpoint: (security) => {
      securities.push(security);
      const endpoint = real.endpoint(security);
      return {
        listen: (ready, connected) =>
          endpoint.listen(
            (port) => {
              if (port !== undefined) ports.push(port);
              ready(port);
            },
            (link) => connected(note(link)),
          ),
        dial: (candidate, fromPort, handler): Attempt =>
          endpoint.dial(candidate, fromPort, {
            connected: (link) => handler.connected(note(link)),
            failed: (failure) => handler.failed(failure),
          }),
        tunnel: (token, handler) =>
          endpoint.tunnel(token, {
            connected: (link) => handler.connected(note(link)),
            failed: (failure) => handler.failed(failure),
          }),
        close: () => endpoint.close(),
      };
    },
  };
}

beforeEach(async () => {
  [ports, securities, links] = [[], [], []];
  server = new Introducer();
  server.onLoopback = true;
  relay = new ScriptedRelay();
  await relay.listen();
  made = [];
  const certificates = {
    async make() {
      const one = await sessionCertificates.make();
      made.push(one);
      return one;
    },
  };
  const person = (name: string): TestClient =>
    new TestClient(name, server, systemClock, watched(), makeIdentity(), certificates);
  [hans, kevin] = [person('hans'), person('kevin')];
});

afterEach(() => {
  for (const person of [hans, kevin]) person.manager.endAll('left');
  relay.close();
});

const isOpen = (): boolean =>
  hans.session('kevin')?.state.state === 'open' && kevin.session('hans')?.state.state === 'open';

async function open(): Promise<void> {
  const asked = hans.manager.ask('kevin');
  await eventually('asked', () => kevin.session('hans')?.state.state === 'asked');
  expect(await asked).toMatchObject({ ok: true });
  kevin.manager.answer('hans', true);
  await eventually('open on both sides', isOpen);
}

async function exchange(count: number): Promise<void> {
  for (let number = 0; number < count; number++) {
    hans.manager.say('kevin', `geheim ${number}`);
    kevin.manager.say('hans', `vertraulich ${number}`);
  }
  await eventually('delivered', () => hans.delivered.length === count && kevin.delivered.length === count);
  expect(kevin.heard).toEqual(Array.from({ length: count }, (_, number) => `geheim ${number}`));
  expect(hans.heard).toEqual(Array.from({ length: count }, (_, number) => `vertraulich ${number}`));
}

describe('Two clients over real TLS', () => {
  it('exchange messages directly: no private byte passes the server, encrypted or not (F2, F4, F7)', async () => {
    await open();
    expect(hans.session('kevin')).toMatchObject({ state: { path: { kind: 'direct-lan', address: '127.0.0.1' } } });
    await exchange(200);
    expect(relay.passed).toEqual([]);
    expect(server.wire.join('\n')).not.toMatch(/geheim|vertraulich|peer\.message/);
  });

  it('exchange encrypted messages through the tunnel if an address may not be revealed (F4)', async () => {
    kevin.neverReveal = true;
    await open();
    expect(hans.session('kevin')).toMatchObject({ state: { path: { kind: 'relayed' } } });
    await exchange(200);
    const passed = Buffer.concat(relay.passed).toString('latin1');
    expect(passed.length).toBeGreaterThan(10_000);
    expect(passed).not.toMatch(/geheim|vertraulich|peer\./);
    expect(ports).toEqual([]);
    expect(server.wire.join('\n')).not.toContain('127.0.0.1');
  });

  it('neither send an address nor listen before the request is accepted (F2, F3)', async () => {
    void hans.manager.ask('kevin');
    await eventually('asked', () => kevin.session('hans')?.state.state === 'asked');
    expect(ports).toEqual([]);
    expect(server.wire.join('\n')).not.toContain('127.0.0.1');
  });

  it('close the listener after one peer: a second connection is refused (F3)', async () => {
    await open();
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) {
      const socket = connectTcp(port, '127.0.0.1');
      expect(await everything(socket)).toBe('');
    }
  });

  it('send a peer without the one-time secret one line, and end with a warning (F3)', async () => {
    // Delays the answer, so that another client reaches Kevin's listener first.
    server.tamper = (name, params) => (name === 'answered' ? undefined : params);
    void hans.manager.ask('kevin');
    await eventually('asked', () => kevin.session('hans')?.state.state === 'asked');
    kevin.manager.answer('hans', true);
    await eventually('listening', () => ports.length > 0);
    const [kevins] = securities;
    const [stolen] = made;
    if (kevins === undefined || stolen === undefined) throw new Error('no endpoint');
    const socket = connectTls({
      host: '127.0.0.1',
      port: ports[0] ?? 0,
      minVersion: 'TLSv1.3',
      ALPNProtocols: ['aside-peer/1'],
      key: stolen.key,
      cert: pem(stolen.certificate),
      ca: [pem(kevins.own.certificate)],
      checkServerIdentity: () => undefined,
    });
    const proof = Buffer.alloc(32).toString('base64');
    const { sid } = kevin.session('hans') ?? { sid: '' };
    socket.once('secureConnect', () =>
      socket.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'peer.hello', params: { sid, proof } })}\n`),
    );
    const heard = await everything(socket);
    expect(heard).toMatch(/^(\{"jsonrpc":"2\.0","method":"peer\.hello",[^\n]*\n)?$/);
    await eventually('kevin is warned', () => kevin.endings.length > 0);
    expect(kevin.endings).toEqual(['impostor by you']);
    expect(kevin.heard).toEqual([]);
  });

  it('deliver messages after a lost path, in order and once (F5)', async () => {
    await open();
    for (let number = 0; number < 300; number++) {
      hans.manager.say('kevin', `${number}`);
      if (number === 50) links[0]?.destroy();
      if (number === 150) {
        await eventually('open again', isOpen);
        for (const link of links) link.destroy();
      }
    }
    await eventually('all delivered', () => hans.delivered.length === 300);
    expect(kevin.heard).toEqual(Array.from({ length: 300 }, (_, number) => `${number}`));
    expect(
      hans.events.filter((event) => event.name === 'private.changed' && event.session.state.state === 'connecting')
        .length,
    ).toBeGreaterThan(1);
  });

  it('end the session if a relay changes a byte, without showing a text or changing the path silently', async () => {
    kevin.neverReveal = true;
    let passed = 0;
    relay.tamper = (chunk) => {
      passed += chunk.length;
      if (passed < 3_000) return chunk;
      const changed = Buffer.from(chunk);
      changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
      return changed;
    };
    void hans.manager.ask('kevin');
    await eventually('asked', () => kevin.session('hans')?.state.state === 'asked');
    kevin.manager.answer('hans', true);
    await eventually('it is over or in pieces', () => {
      if (isOpen()) hans.manager.say('kevin', 'geheim');
      return hans.endings.length > 0 || hans.session('kevin')?.state.state === 'connecting';
    });
    expect(kevin.heard).toEqual([]);
    expect(ports).toEqual([]);
  });

  it('end the session for the peer at once when a user signs out (B6)', async () => {
    await open();
    const [before] = [Date.now()];
    hans.manager.endAll('left');
    await eventually('kevin knows', () => kevin.endings.length === 1);
    expect(Date.now() - before).toBeLessThan(5_000);
    expect(kevin.endings).toEqual(['peer-left by peer']);
  });
});

describe('Flooding peer over real TLS', () => {
  it('is disconnected in bounded memory, while this client stays responsive', async () => {
    await open();
    const [first] = links;
    // Writes to the link of one side directly, past its session, as fast as possible.
    const line = `${JSON.stringify({ jsonrpc: '2.0', method: 'peer.later', params: { padding: 'x'.repeat(8_000) } })}\n`;
    const block = line.repeat(16);
    const memory = process.memoryUsage().rss;
    let written = 0;
    let worstPause = 0;
    let last = performance.now();
    for (let turn = 0; turn < 3_000 && hans.endings.length + kevin.endings.length === 0; turn++) {
      if (first !== undefined && first.unsentBytes < 4 * 1024 * 1024) {
        first.send(block);
        written += block.length;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
      worstPause = Math.max(worstPause, performance.now() - last);
      last = performance.now();
    }
    expect(hans.endings.length + kevin.endings.length).toBeGreaterThan(0);
    expect([...hans.endings, ...kevin.endings].join()).toContain('too-fast');
    expect(written).toBeLessThan(64 * 1024 * 1024);
    expect(process.memoryUsage().rss - memory).toBeLessThan(128 * 1024 * 1024);
    expect(worstPause).toBeLessThan(4_000);
    expect(Math.max(hans.heard.length, kevin.heard.length)).toBeLessThanOrEqual(1);
  });
});
