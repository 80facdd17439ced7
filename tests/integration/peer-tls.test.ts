import { connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EndpointSecurity, PeerEndpoint, SessionCertificate } from '../../src/core/private/private-ports.ts';
import { sessionCertificates } from '../../src/node/peer/peer-certificate.ts';
import { peerTransport } from '../../src/node/peer/peer-transport.ts';
import { dialling, everything, listening, reading, security, tunnelling } from '../support/peer-endpoints.ts';
import { ScriptedRelay } from '../support/peer-relay.ts';

let initiator: SessionCertificate;
let responder: SessionCertificate;
let third: SessionCertificate;
let relay: ScriptedRelay | undefined;
const endpoints: PeerEndpoint[] = [];

beforeAll(async () => {
  [initiator, responder, third] = await Promise.all([
    sessionCertificates.make(),
    sessionCertificates.make(),
    sessionCertificates.make(),
  ]);
});

afterEach(() => {
  for (const endpoint of endpoints.splice(0)) endpoint.close();
  relay?.close();
  relay = undefined;
});

const transport = peerTransport({ relay: () => relay?.target, listenHost: '127.0.0.1' });
const endpoint = (facts: EndpointSecurity): PeerEndpoint => {
  const made = transport.endpoint(facts);
  endpoints.push(made);
  return made;
};
const initiatorEndpoint = (own = initiator, peer = responder): PeerEndpoint => endpoint(security('client', own, peer));
const responderEndpoint = (own = responder, peer = initiator): PeerEndpoint => endpoint(security('server', own, peer));
const pem = (one: SessionCertificate): string =>
  `-----BEGIN CERTIFICATE-----\n${one.certificate}\n-----END CERTIFICATE-----\n`;

describe('Forwarded port (F2)', () => {
  it('is listened on if it is free, else another one', async () => {
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const address = busy.address();
    const listenPort = typeof address === 'object' && address !== null ? address.port : 0;
    const wanting = peerTransport({ relay: () => undefined, listenHost: '127.0.0.1', listenPort });
    const first = wanting.endpoint(security('server', responder, initiator));
    const second = wanting.endpoint(security('server', responder, initiator));
    endpoints.push(first, second);
    const { port: instead } = await listening(first);
    expect(instead).not.toBe(listenPort);
    busy.close();
    await once(busy, 'close');
    const { port, first: link } = await listening(second);
    expect(port).toBe(listenPort);
    expect(await dialling(initiatorEndpoint(), port)).not.toBeTypeOf('string');
    await link;
  });
});

describe.each([
  ['the initiator dials', true],
  ['the responder dials', false],
])('Peer connection over TCP, if %s [ASIDE-PEER-5-1]', (_what, initiatorDials) => {
  const sides = (
    [own, peer]: [SessionCertificate, SessionCertificate] = initiatorDials
      ? [initiator, responder]
      : [responder, initiator],
  ): { dialler: PeerEndpoint; listener: PeerEndpoint } =>
    initiatorDials
      ? { dialler: initiatorEndpoint(own, peer), listener: responderEndpoint() }
      : { dialler: responderEndpoint(own, peer), listener: initiatorEndpoint() };

  it('connects the introduced peers, with the same exporter at both ends [ASIDE-PEER-5-3]', async () => {
    const { dialler, listener } = sides();
    const { port, first } = await listening(listener);
    const near = await dialling(dialler, port);
    const far = await first;
    if (typeof near === 'string') throw new Error(near);
    expect(Buffer.from(near.exporter).toString('hex')).toBe(Buffer.from(far.exporter).toString('hex'));
    expect(near.exporter).toHaveLength(32);
    expect(near.path).toEqual({ kind: 'direct-lan', address: '127.0.0.1' });
    const heard = reading(far);
    near.send('one\n');
    near.send('two\n');
    near.close();
    await heard.ended;
    expect(heard.text()).toBe('one\ntwo\n');
  });

  it('refuses a third certificate of the dialling side without data or event [ASIDE-PEER-5-2]', async () => {
    const { dialler, listener } = sides([third, initiatorDials ? responder : initiator]);
    const { port, links } = await listening(listener);
    const near = await dialling(dialler, port);
    // In TLS 1.3 the client is connected before the server has checked its certificate; the end is its first event.
    if (typeof near !== 'string') {
      const heard = reading(near);
      near.send('let me in\n');
      await heard.ended;
      expect(heard.text()).toBe('');
    }
    expect(links).toEqual([]);
  });

  it('reports a third certificate of the listening side as an impostor [ASIDE-PEER-5-4]', async () => {
    const dialler = initiatorDials ? initiatorEndpoint() : responderEndpoint();
    const impostor = initiatorDials ? responderEndpoint(third, initiator) : initiatorEndpoint(third, responder);
    const { port } = await listening(impostor);
    expect(await dialling(dialler, port)).toBe('authentication');
  });
});

it('PeerTransport reports a listener of another protocol as unreachable, not as an impostor', async () => {
  const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  const web = createTlsServer({ key: third.key, cert: pem(third) }, (socket) => socket.end());
  web.on('tlsClientError', () => undefined);
  for (const one of [server, web] as Server[]) {
    await new Promise<void>((resolve) => {
      one.listen(0, '127.0.0.1', resolve);
    });
    const bound = one.address();
    if (bound === null || typeof bound === 'string') throw new Error('no port');
    expect(await dialling(initiatorEndpoint(), bound.port)).toBe('unreachable');
    one.close();
  }
  expect(await dialling(initiatorEndpoint(), 1)).toBe('unreachable');
});

it('PeerTransport closes strangers without an answer: silence, noise, no ALPN, no certificate [ASIDE-PEER-5-2]', async () => {
  const { port, links } = await listening(responderEndpoint());
  const noise = connect(port, '127.0.0.1');
  noise.write('GET / HTTP/1.1\r\n\r\n');
  const silent = connect(port, '127.0.0.1');
  const trusted = { ca: [pem(responder)], checkServerIdentity: () => undefined, minVersion: 'TLSv1.3' as const };
  const talk = async (socket: TLSSocket): Promise<string> => {
    socket.on('error', () => undefined);
    socket.once('secureConnect', () => socket.write('{"jsonrpc":"2.0","method":"peer.hello"}\n'));
    return everything(socket);
  };
  const [heardNoise, heardSilent, ...heard] = await Promise.all([
    everything(noise),
    everything(silent),
    talk(connectTls({ port, host: '127.0.0.1', ...trusted, key: initiator.key, cert: pem(initiator) })),
    talk(
      connectTls({
        port,
        host: '127.0.0.1',
        ...trusted,
        key: initiator.key,
        cert: pem(initiator),
        ALPNProtocols: ['aside/1'],
      }),
    ),
    talk(connectTls({ port, host: '127.0.0.1', ...trusted, ALPNProtocols: ['aside-peer/1'] })),
    talk(
      connectTls({
        port,
        host: '127.0.0.1',
        ...trusted,
        key: third.key,
        cert: pem(third),
        ALPNProtocols: ['aside-peer/1'],
      }),
    ),
  ]);
  expect(heard).toEqual(['', '', '', '']);
  // A stranger may receive a TLS alert of two bytes at most.
  expect(heardNoise.length).toBeLessThanOrEqual(7);
  expect(heardSilent).toBe('');
  expect(links).toEqual([]);
});

it('PeerTransport accepts no connection after its endpoint is closed [ASIDE-PEER-5-2]', async () => {
  const listener = responderEndpoint();
  const { port } = await listening(listener);
  listener.close();
  const socket = connect(port, '127.0.0.1');
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');
});

describe('Local port of a dial [ASIDE-PEER-5-7]', () => {
  /** Dials a plain listener. @returns the port that the listener sees */
  async function seenFrom(fromPort: number): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('no port');
    initiatorEndpoint().dial({ kind: 'observed', address: '127.0.0.1', port: bound.port }, fromPort, {
      connected: () => undefined,
      failed: () => undefined,
    });
    const [socket] = (await once(server, 'connection')) as [Socket];
    const { remotePort = 0 } = socket;
    socket.destroy();
    server.close();
    return remotePort;
  }

  it('is that of another connection of this computer, if that was bound before its dial', async () => {
    const busy = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => {
      busy.listen(0, '127.0.0.1', resolve);
    });
    const bound = busy.address();
    if (bound === null || typeof bound === 'string') throw new Error('no port');
    // Like the connection to the server: `localAddress` makes Node bind the socket, so that its port can be shared.
    const toServer = connect({ port: bound.port, host: '127.0.0.1', localAddress: '0.0.0.0' });
    await once(toServer, 'connect');
    expect(await seenFrom(toServer.localPort ?? 0)).toBe(toServer.localPort);
    toServer.destroy();
    busy.close();
  });

  it('is any other if that one cannot be used', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => {
      taken.listen(0, '127.0.0.1', resolve);
    });
    const bound = taken.address();
    if (bound === null || typeof bound === 'string') throw new Error('no port');
    const port = await seenFrom(bound.port);
    expect(port).toBeGreaterThan(0);
    expect(port).not.toBe(bound.port);
    taken.close();
  });
});

describe('Peer connection through the tunnel [ASIDE-PEER-5-1]', () => {
  const tunnel = async (one: PeerEndpoint, other: PeerEndpoint) =>
    Promise.all([tunnelling(one, 'sid/1'), tunnelling(other, 'sid/2')]);

  it('runs the same TLS end to end, so the relay sees no text', async () => {
    relay = new ScriptedRelay();
    await relay.listen();
    const [near, far] = await tunnel(initiatorEndpoint(), responderEndpoint());
    if (typeof near === 'string' || typeof far === 'string') throw new Error('no tunnel');
    expect(near.path).toEqual({ kind: 'relayed' });
    expect(Buffer.from(near.exporter).equals(far.exporter)).toBe(true);
    const heard = reading(far);
    near.send(`${'sealed words '.repeat(10_000)}end\n`);
    await heard.until('end\n');
    expect(heard.text()).toHaveLength(130_004);
    const passed = Buffer.concat(relay.passed);
    expect(passed.length).toBeGreaterThan(130_000);
    expect(passed.includes('sealed words')).toBe(false);
  });

  it.each([
    ['initiator', () => [initiatorEndpoint(third, responder), responderEndpoint()] as const, 1],
    ['responder', () => [initiatorEndpoint(), responderEndpoint(third, initiator)] as const, 0],
  ])('reports an impostor as %s [ASIDE-PEER-5-4]', async (_who, sides, honest) => {
    relay = new ScriptedRelay();
    await relay.listen();
    const [one, other] = sides();
    const honestSide = tunnelling(honest === 0 ? one : other, 'sid/1');
    void tunnelling(honest === 0 ? other : one, 'sid/2');
    expect(await honestSide).toBe('authentication');
  });

  it('is unreachable without a server', async () => {
    expect(await tunnelling(initiatorEndpoint(), 'sid/1')).toBe('unreachable');
  });
});
