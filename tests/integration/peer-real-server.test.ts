import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { DialTarget } from '../../src/core/ports.ts';
import { TrustStore } from '../../src/core/private/identity/trust-store.ts';
import type { PrivateContext } from '../../src/core/private/private-context.ts';
import { PrivateSessionManager } from '../../src/core/private/session/session-manager.ts';
import { systemClock } from '../../src/node/clock.ts';
import { nodePeerCrypto } from '../../src/node/peer/identity-crypto.ts';
import { sessionCertificates } from '../../src/node/peer/peer-certificate.ts';
import { peerTransport } from '../../src/node/peer/peer-transport.ts';
import { systemRandom } from '../../src/node/random.ts';
import { useServer } from '../conformance/setup.ts';
import { eventually } from '../support/peer-endpoints.ts';
import { makeIdentity, MemoryIdentityStore, type PrivateEvent } from '../support/peer-introducer.ts';
import { newDevice, Refused, type WireClient } from '../support/wire-client.ts';

const stage = useServer();
const managers: PrivateSessionManager[] = [];
afterEach(() => {
  for (const manager of managers.splice(0)) manager.endAll('left');
});

/** A client with a connection to the real server and private sessions over real sockets. */
class Client {
  readonly events: PrivateEvent[] = [];
  readonly sent: string[] = [];
  readonly manager: PrivateSessionManager;
  #read = 0;

  constructor(
    readonly wire: WireClient,
    identity: ReturnType<typeof makeIdentity>,
    neverReveal: boolean,
  ) {
    const { certificate = '', port } = stage.server;
    const x509 = new X509Certificate(certificate);
    const pin = { fingerprint: x509.fingerprint256, certificate: x509.raw.toString('base64') };
    const target: DialTarget = { host: '127.0.0.1', port, security: { kind: 'tls', pin } };
    const transport = peerTransport({ relay: () => target, listenHost: '127.0.0.1' });
    const context: PrivateContext = {
      clock: systemClock,
      random: systemRandom,
      crypto: nodePeerCrypto,
      identity,
      certificates: sessionCertificates,
      transport: { ...transport, localAddresses: () => [{ address: '127.0.0.1' }] },
      trustStore: new TrustStore(new MemoryIdentityStore()),
      request: async (method, params) => {
        this.sent.push(JSON.stringify({ method, params }));
        try {
          return { ok: true, result: await wire.request(method, params) };
        } catch (error) {
          const reason = error instanceof Refused ? error.reason : 'connection-lost';
          return { ok: false, failure: { reason } };
        }
      },
      serverStatus: () => ({
        username: wire.username,
        onLoopback: true,
        localPort: wire.socket.localPort,
        timeoutSeconds: 0,
      }),
      neverRevealAddress: () => neverReveal,
      publicAddress: () => undefined,
      activity: () => undefined,
    };
    this.manager = new PrivateSessionManager(context, (name, params) =>
      this.events.push({ name, ...params } as PrivateEvent),
    );
    managers.push(this.manager);
    wire.socket.on('data', () => setImmediate(() => this.#handle()));
  }

  static async make(base: string, neverReveal = false): Promise<Client> {
    const identity = makeIdentity();
    const device = { ...newDevice(), identityKey: identity.identityKey };
    return new Client(await stage.person(base, { device }), identity, neverReveal);
  }

  get name(): string {
    return this.wire.username;
  }

  get heard(): string[] {
    return this.events.flatMap((event) =>
      event.name === 'private.message' && event.message.incoming ? [event.message.text] : [],
    );
  }

  get endings(): string[] {
    return this.events.flatMap((event) =>
      event.name === 'private.changed' && event.session.state.state === 'ended'
        ? [event.session.state.ending.reason]
        : [],
    );
  }

  stateWith(other: Client): string | undefined {
    return this.manager.sessions().find(({ username }) => username === other.name)?.state.state;
  }

  pathWith(other: Client): string | undefined {
    const state = this.manager.sessions().find(({ username }) => username === other.name)?.state;
    return state?.state === 'open' ? state.path.kind : undefined;
  }

  #handle(): void {
    const { lines } = this.wire;
    for (; this.#read < lines.length; this.#read++) {
      const { method, params } = lines[this.#read] ?? {};
      // The conformance tests check the shapes of the server's notifications.
      if (method === 'private.requested')
        this.manager.requested(params as Parameters<PrivateSessionManager['requested']>[0]);
      if (method === 'private.answered')
        this.manager.answered(params as Parameters<PrivateSessionManager['answered']>[0]);
      if (method === 'private.signal') this.manager.signal(params as Parameters<PrivateSessionManager['signal']>[0]);
      if (method === 'private.ended') this.manager.ended(params as Parameters<PrivateSessionManager['ended']>[0]);
    }
  }
}

async function open(hans: Client, kevin: Client): Promise<void> {
  expect(await hans.manager.ask(kevin.name, 'a word?')).toMatchObject({ ok: true });
  await eventually('asked', () => kevin.stateWith(hans) === 'asked');
  kevin.manager.answer(hans.name, true);
  await eventually('open on both sides', () => hans.stateWith(kevin) === 'open' && kevin.stateWith(hans) === 'open');
}

/** The bytes of all files in a folder. */
function contents(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n');
}

describe('Private session through the real server', () => {
  it.each([
    ['directly', false, 'direct-lan'],
    ['through the blind tunnel', true, 'relayed'],
  ])('delivers messages that never reach the server: %s (F4, F5, F7)', async (_how, neverReveal, path) => {
    const [hans, kevin] = [await Client.make('hans'), await Client.make('kevin', neverReveal)];
    await open(hans, kevin);
    expect([hans.pathWith(kevin), kevin.pathWith(hans)]).toEqual([path, path]);
    for (let number = 0; number < 100; number++) hans.manager.say(kevin.name, `geheimnis ${number}`);
    kevin.manager.say(hans.name, 'vertraulich');
    await eventually('all heard', () => kevin.heard.length === 100 && hans.heard.length === 1);
    expect(kevin.heard).toEqual(Array.from({ length: 100 }, (_, number) => `geheimnis ${number}`));
    for (const { wire, sent } of [hans, kevin]) {
      expect(JSON.stringify(wire.lines) + sent.join()).not.toMatch(/geheimnis|vertraulich/);
    }
    expect(contents(stage.server.dataFolder)).not.toMatch(/geheimnis|vertraulich/);
    hans.manager.end(kevin.name);
    await eventually('both know', () => hans.endings.length === 1 && kevin.endings.length === 1);
    expect([hans.endings, kevin.endings]).toEqual([['ended'], ['ended']]);
  });

  it('results from two crossing requests (F1)', async () => {
    const [hans, kevin] = [await Client.make('hans'), await Client.make('kevin')];
    const both = await Promise.all([hans.manager.ask(kevin.name), kevin.manager.ask(hans.name)]);
    expect(both.map(({ ok }) => ok)).toEqual([true, true]);
    await eventually('open on both sides', () => hans.stateWith(kevin) === 'open' && kevin.stateWith(hans) === 'open');
    expect(hans.manager.sessions()).toHaveLength(1);
    expect(hans.manager.sessions()[0]?.sid).toBe(kevin.manager.sessions()[0]?.sid);
  });

  it('ends at once on the direct connection when a user blocks the other (E3)', async () => {
    const [hans, kevin] = [await Client.make('hans'), await Client.make('kevin')];
    await open(hans, kevin);
    await kevin.wire.request('blacklist.add', { username: hans.name });
    await eventually('both know', () => hans.endings.length === 1 && kevin.endings.length === 1);
    expect([hans.endings, kevin.endings]).toEqual([['blocked'], ['blocked']]);
  });

  it('ends for the peer when a user signs out (B6)', async () => {
    const [hans, kevin] = [await Client.make('hans'), await Client.make('kevin')];
    await open(hans, kevin);
    hans.manager.endAll('left');
    await hans.wire.signOut();
    await eventually('kevin knows', () => kevin.endings.length === 1);
    expect(kevin.endings).toEqual(['peer-left']);
  });

  it('ends for the initiator when the responder declines', async () => {
    const [hans, kevin] = [await Client.make('hans'), await Client.make('kevin')];
    await hans.manager.ask(kevin.name);
    await eventually('asked', () => kevin.stateWith(hans) === 'asked');
    kevin.manager.answer(hans.name, false);
    await eventually('hans knows', () => hans.endings.length === 1);
    expect(hans.endings).toEqual(['declined']);
  });
});
