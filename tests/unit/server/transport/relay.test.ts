import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type Duplex, duplexPair } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { TunnelRegistry } from '../../../../server/src/domain/tunnel-registry.ts';
import { nodeCrypto } from '../../../../server/src/node-crypto.ts';
import { LISTENER_LIMITS } from '../../../../server/src/transport/listener-limits.ts';
import { type Listener, startListener } from '../../../../server/src/transport/listener.ts';
import { RELAY_LIMITS } from '../../../../src/shared/limits.ts';
import { Relay, type RelayLimits } from '../../../../server/src/transport/relay.ts';
import { selfSigned, type TestCertificate } from '../../../support/client-certificates.ts';
import { sha256, TunnelClient, writeInPieces } from '../../../support/tunnel-client.ts';

const MEBIBYTE = 1024 * 1024;
/** Fast enough that only what a test is about slows it down. */
const FAST = { bytesPerSecond: 1024 * MEBIBYTE, burstBytes: 1024 * MEBIBYTE };

let certificate: TestCertificate;
const clients: TunnelClient[] = [];

beforeAll(async () => {
  certificate = await selfSigned();
});

afterEach(() => {
  for (const client of clients.splice(0)) client.socket.destroy();
});

interface EnterOptions {
  readonly sid?: string;
  readonly token?: string;
  readonly behind?: Buffer;
  readonly halfOpen?: boolean;
}

/** A relay behind a real listener, with a clock that can be set forward. */
class Stage {
  /** The server's ends, in the order of their arrival. */
  readonly streams: Duplex[] = [];
  readonly admitted: Duplex[] = [];
  readonly endedSids: string[] = [];
  readonly tunnelRegistry = new TunnelRegistry(nodeCrypto);
  readonly relay: Relay;
  readonly certificate = certificate.cert;
  ahead = 0;
  #listener: Listener | undefined;

  constructor(limits: Partial<RelayLimits>) {
    const now = () => Date.now() + this.ahead;
    this.relay = new Relay(
      {
        now,
        redeem: (token) => this.tunnelRegistry.redeem(token, now()),
        entered: (side) => this.tunnelRegistry.entered(side),
        ended: (sid) => {
          this.endedSids.push(sid);
          this.tunnelRegistry.ended(sid, now());
        },
      },
      { ...RELAY_LIMITS, ...FAST, ...limits },
    );
  }

  static async start(limits: Partial<RelayLimits> = {}, edge: Partial<typeof LISTENER_LIMITS> = {}): Promise<Stage> {
    const stage = new Stage(limits);
    stage.#listener = await startListener(
      {
        host: '127.0.0.1',
        port: 0,
        tls: certificate,
        limits: { ...LISTENER_LIMITS, ...edge },
        acceptTunnel: (stream, onAdmitted) => {
          stage.streams.push(stream);
          stage.relay.accept(stream, () => {
            stage.admitted.push(stream);
            onAdmitted();
          });
        },
      },
      () => ({ line() {}, overflow() {}, drained() {}, closed() {} }),
    );
    onTestFinished(async () => {
      stage.relay.close();
      await stage.#listener?.close();
    });
    return stage;
  }

  get listener(): Listener {
    if (!this.#listener) throw new Error('not started');
    return this.#listener;
  }

  get port(): number {
    return this.listener.port;
  }

  token(account: number, sid = 'sid'): string {
    const admission = this.tunnelRegistry.admit(sid, account, Date.now() + this.ahead);
    if (!admission) throw new Error('no place');
    return admission.token;
  }

  /** Connects without a word. */
  async connect(halfOpen = false): Promise<TunnelClient> {
    const client = await TunnelClient.connect(this, halfOpen);
    clients.push(client);
    return client;
  }

  async enter(account: number, options: EnterOptions = {}): Promise<TunnelClient> {
    const client = await this.connect(options.halfOpen);
    client.enter(options.token ?? this.token(account, options.sid), options.behind);
    return client;
  }

  /** Both sides of a tunnel, joined. */
  async pair({
    people: [one, other] = [1, 2] as const,
    ...options
  }: EnterOptions & { people?: readonly [number, number] } = {}) {
    const both = [await this.enter(one, options), await this.enter(other, options)] as const;
    await Promise.all(both.map((client) => client.ready()));
    return both;
  }
}

describe('Tunnel (F4)', () => {
  it('is ready when both sides are there, and not before', async () => {
    const stage = await Stage.start();
    const one = await stage.enter(1);
    const alone = await stage.enter(3, { sid: 'another' });
    const other = await stage.enter(2);
    await Promise.all([one.ready(), other.ready()]);
    expect(alone.isReady).toBe(false);
    expect(stage.relay.counters).toEqual({ tunnels: 1, tunnelBytes: 0 });
  });

  it('transports bytes both ways at the same time, complete and in order', async () => {
    const stage = await Stage.start();
    const [one, other] = await stage.pair();
    const [up, down] = [randomBytes(5 * MEBIBYTE), randomBytes(3 * MEBIBYTE)];
    await Promise.all([
      writeInPieces(one.socket, up),
      writeInPieces(other.socket, down),
      other.received(up.length),
      one.received(down.length),
    ]);
    expect([other.bytes, one.bytes]).toEqual([up.length, down.length]);
    expect([other.hash(), one.hash()]).toEqual([sha256(up), sha256(down)]);
    expect(stage.relay.counters.tunnelBytes).toBe(up.length + down.length);
  });

  it('keeps bytes that arrive early, in the packet of the line and after it', async () => {
    const stage = await Stage.start();
    const one = await stage.enter(1, { behind: Buffer.from('behind the line\n') });
    one.socket.write('and later');
    const other = await stage.enter(2, { behind: Buffer.from('{"also":"early"}\n') });
    expect((await other.received(25)).toString()).toBe('behind the line\nand later');
    expect((await one.received(17)).toString()).toBe('{"also":"early"}\n');
  });

  it('[ASIDE-12.1-5] reads little from a side that waits, and loses none of it', async () => {
    const stage = await Stage.start();
    const one = await stage.enter(1);
    const early = randomBytes(16 * MEBIBYTE);
    one.socket.write(early);
    await waitFor(() => stage.streams[0]?.isPaused() === true);
    await delay(50);
    const [stream] = stage.streams as [TLSSocket];
    expect(stream.bytesRead).toBeLessThan(MEBIBYTE);
    expect(one.socket.writableLength).toBeGreaterThan(0);
    const other = await stage.enter(2);
    await other.received(early.length);
    expect(other.hash()).toBe(sha256(early));
  });

  it('is encrypted by its two ends: TLS inside TLS, of which the server sees no text', async () => {
    const stage = await Stage.start();
    const [one, other] = await stage.pair();
    const passed = stage.streams.map(recordWrites);
    const [asker, answerer] = [await selfSigned('CN=asker'), await selfSigned('CN=answerer')];
    const inner = createServer({ ...answerer, ca: [asker.cert], requestCert: true, minVersion: 'TLSv1.3' });
    const secured = once(inner, 'secureConnection') as Promise<[TLSSocket]>;
    inner.emit('connection', other.release());
    const near = connect({
      ...asker,
      socket: one.release(),
      ca: [answerer.cert],
      minVersion: 'TLSv1.3',
      checkServerIdentity: () => undefined,
    });
    await once(near, 'secureConnect');
    const [far] = await secured;
    expect(far.authorized).toBe(true);
    far.end(`${'between the two of us '.repeat(5_000)}`);
    const texts: string[] = [];
    near.setEncoding('utf8').on('data', (text: string) => texts.push(text));
    await once(near, 'end');
    expect(texts.join('')).toBe('between the two of us '.repeat(5_000));
    const [nearKey, farKey] = [near, far].map((end) => end.exportKeyingMaterial(32, 'test', Buffer.alloc(0)));
    expect(nearKey).toEqual(farKey);
    for (const record of passed) {
      const bytes = Buffer.concat(record);
      expect(bytes.length).toBeGreaterThan(300);
      expect(bytes.includes('between')).toBe(false);
    }
    near.destroy();
    far.destroy();
  });
});

describe('Entry of a tunnel', () => {
  it.each<[string, (token: string, stage: Stage) => string]>([
    ['a wrong token', (token) => JSON.stringify({ token: `${token.slice(0, -2)}00` })],
    ['an empty one', () => '{"token":""}'],
    ['a token that is no text', () => '{"token":7}'],
    ['no token', () => '{}'],
    ['a list', (token) => JSON.stringify([token])],
    ['nothing', () => ''],
    ['null', () => 'null'],
    ['no JSON', (token) => token],
    ['no UTF-8', () => '{"token":"\u00ff"}'],
    ['a line that is too long', (token) => `{"token":"${token}"${' '.repeat(300)}}`],
    [
      'an expired token',
      (token, stage) => {
        stage.ahead += 60_000;
        return JSON.stringify({ token });
      },
    ],
    [
      'a token of a session that has ended',
      (token, stage) => {
        stage.tunnelRegistry.forget('sid');
        return JSON.stringify({ token });
      },
    ],
  ])('is closed to %s, without an answer', async (_what, lineOf) => {
    const stage = await Stage.start();
    const token = stage.token(1);
    const client = await stage.connect();
    client.socket.write(Buffer.from(`${lineOf(token, stage)}\n`, 'latin1'));
    await client.closed;
    expect(client.socket.bytesRead).toBe(0);
    expect(stage.admitted).toEqual([]);
  });

  it('is closed to a used token', async () => {
    const stage = await Stage.start();
    const token = stage.token(1);
    const first = await stage.enter(1, { token });
    await waitFor(() => stage.admitted.length === 1);
    const second = await stage.enter(1, { token });
    await second.closed;
    expect(first.isClosed).toBe(false);
    const other = await stage.enter(2);
    await Promise.all([first.ready(), other.ready()]);
  });

  it('is closed to an endless line before its end', async () => {
    const stage = await Stage.start();
    const client = await stage.connect();
    client.socket.write('{"token":"'.padEnd(257, 'x'));
    await client.closed;
  });

  it('is closed to a silent or slow connection after the time', async () => {
    const stage = await Stage.start({ tokenMs: 300 });
    const silent = await stage.connect();
    const slow = await stage.connect();
    const line = JSON.stringify({ token: stage.token(1) });
    const start = Date.now();
    const drip = setInterval(() => slow.socket.write(line[Math.floor((Date.now() - start) / 20)] ?? ' '), 20);
    await Promise.all([silent.closed, slow.closed]);
    clearInterval(drip);
    expect(Date.now() - start).toBeGreaterThan(200);
    expect(Date.now() - start).toBeLessThan(8_000);
  });

  it('is closed to a connection that ends before its line', async () => {
    const stage = await Stage.start();
    const client = await stage.connect();
    client.socket.end('{"tok');
    await client.closed;
    expect(stage.admitted).toEqual([]);
  });

  it('accepts a token in single bytes, and one in a line with other members', async () => {
    const stage = await Stage.start();
    const [one, other] = [await stage.connect(), await stage.connect()];
    for (const byte of `${JSON.stringify({ token: stage.token(1) })}\nearly`) one.socket.write(byte);
    other.socket.write(`{"more":1,"token":"${stage.token(2)}"}\n`);
    await Promise.all([one.ready(), other.ready()]);
    expect((await other.received(5)).toString()).toBe('early');
  });

  it('frees the unauthenticated place at the token, not before', async () => {
    const stage = await Stage.start();
    const client = await stage.connect();
    const token = stage.token(1);
    client.socket.write(`{"token":"${token}"`);
    await waitFor(() => (stage.streams[0] as TLSSocket | undefined)?.bytesRead !== 0);
    expect(stage.admitted).toEqual([]);
    client.socket.write('}\n');
    await waitFor(() => stage.admitted.length === 1);
    expect(stage.admitted).toEqual([stage.streams[0]]);
  });

  it('is closed if the server has its maximum of connections', async () => {
    const stage = await Stage.start({}, { connections: 2 });
    const one = await stage.connect();
    const other = await stage.connect();
    const third = await stage.connect();
    await third.closed;
    expect([one.isClosed, other.isClosed]).toEqual([false, false]);
    expect(stage.streams).toHaveLength(2);
  });

  it('does not exist on a listener without tunnels', async () => {
    const listener = await startListener(
      { host: '127.0.0.1', port: 0, tls: certificate, limits: LISTENER_LIMITS },
      () => ({ line() {}, overflow() {}, drained() {}, closed() {} }),
    );
    onTestFinished(() => listener.close());
    await expect(TunnelClient.connect({ port: listener.port, certificate: certificate.cert })).rejects.toThrow(
      /no.application.protocol/i,
    );
  });
});

describe('Repeated connection to a tunnel', () => {
  it('replaces the former connection while it waits', async () => {
    const stage = await Stage.start();
    const former = await stage.enter(1);
    await waitFor(() => stage.admitted.length === 1);
    const again = await stage.enter(1);
    await former.closed;
    const other = await stage.enter(2);
    await Promise.all([again.ready(), other.ready()]);
    again.socket.write('here');
    expect((await other.received(4)).toString()).toBe('here');
  });

  it('ends a joined tunnel for both sides, and begins the next one', async () => {
    const stage = await Stage.start();
    const [one, other] = await stage.pair();
    const again = await stage.enter(1);
    await Promise.all([one.closed, other.closed]);
    expect(again.isClosed).toBe(false);
    const otherAgain = await stage.enter(2);
    await Promise.all([again.ready(), otherAgain.ready()]);
    expect(stage.relay.counters.tunnels).toBe(2);
  });

  it('can use a token from before the end of the former tunnel', async () => {
    const stage = await Stage.start();
    const [one, other] = await stage.pair();
    const next = stage.token(1);
    other.socket.destroy();
    await one.closed;
    const again = await stage.enter(1, { token: next });
    const otherAgain = await stage.enter(2);
    await Promise.all([again.ready(), otherAgain.ready()]);
  });

  it('is refused for a third side', async () => {
    const stage = await Stage.start();
    const [one, other] = await stage.pair();
    const next = stage.token(1);
    stage.tunnelRegistry.forget('sid');
    const third = await stage.enter(1, { token: next });
    await third.closed;
    one.socket.write('still here');
    await other.received(10);
  });
});

describe('Tunnel limit (I3)', () => {
  it('[ASIDE-12.2-2] stalls the sender if the other side does not read, while the server stores next to nothing', async () => {
    const stage = await Stage.start();
    const [one, other] = await stage.pair();
    other.socket.pause();
    const much = randomBytes(48 * MEBIBYTE);
    one.socket.write(much);
    const [from, to] = stage.streams as [TLSSocket, TLSSocket];
    await waitFor(() => to.writableNeedDrain && from.isPaused());
    // Until the kernel's buffers are full as well: nothing moves any more.
    await waitForStillness(() => stage.relay.counters.tunnelBytes);
    expect(to.writableLength).toBeLessThanOrEqual(64 * 1024);
    expect(from.readableLength).toBeLessThanOrEqual(64 * 1024);
    expect(stage.relay.counters.tunnelBytes).toBeLessThan(much.length / 2);
    expect(one.socket.writableLength).toBeGreaterThan(0);
    // The other direction is not held.
    other.socket.write('I am busy');
    expect((await one.received(9)).toString()).toBe('I am busy');
    other.socket.resume();
    await other.received(much.length);
    expect(other.hash()).toBe(sha256(much));
  });

  it('applies to bytes a second, with a burst, in each direction', async () => {
    const rate = 100_000;
    const burst = 400_000;
    // The transfer lasts longer than a handshake may.
    const stage = await Stage.start({ bytesPerSecond: rate, burstBytes: burst }, { tlsHandshakeMs: 1_500 });
    const [one, other] = await stage.pair();
    const bytes = randomBytes(600_000);
    const start = Date.now();
    one.socket.write(bytes);
    await other.received(burst);
    expect(Date.now() - start).toBeLessThan(3_000);
    await other.received(bytes.length);
    const seconds = (Date.now() - start) / 1_000;
    // 600 kB are the burst and two seconds' worth; what was read last is paid for afterwards.
    expect(seconds).toBeGreaterThan(1.5);
    expect(seconds).toBeLessThan(10);
    expect(other.hash()).toBe(sha256(bytes));
    const back = Date.now();
    other.socket.write(randomBytes(burst / 2));
    await one.received(burst / 2);
    expect(Date.now() - back).toBeLessThan(1_500);
  });

  it('[ASIDE-12.2-4] applies to the total bytes of both directions', async () => {
    const stage = await Stage.start({ totalBytes: 300_000 });
    const [one, other] = await stage.pair();
    one.socket.write(randomBytes(150_000));
    await other.received(150_000);
    other.socket.write(randomBytes(150_000));
    await one.received(150_000);
    expect(one.isClosed).toBe(false);
    one.socket.write('x');
    await Promise.all([one.closed, other.closed]);
    expect(other.bytes).toBe(150_000);
    expect(stage.endedSids).toEqual(['sid']);
    expect(stage.relay.counters.tunnelBytes).toBe(300_000);
  });

  it('applies to the total also for bytes that arrive early', async () => {
    const stage = await Stage.start({ totalBytes: 1_000 });
    const one = await stage.enter(1, { behind: randomBytes(1_001) });
    const other = await stage.enter(2);
    await Promise.all([one.closed, other.closed]);
    expect(other.bytes).toBe(0);
  });

  it('[ASIDE-12.1-2] applies to the tunnels of one account, while they last', async () => {
    const stage = await Stage.start();
    const [one] = await stage.pair();
    for (const sid of ['two', 'three', 'four']) stage.token(1, sid);
    const admit = () => stage.tunnelRegistry.admit('five', 1, Date.now() + stage.ahead);
    expect(admit()).toBeUndefined();
    // The tokens expire, the tunnel stays.
    stage.ahead += 60_000;
    for (const sid of ['two', 'three', 'four']) stage.token(1, sid);
    expect(admit()).toBeUndefined();
    one.socket.destroy();
    await waitFor(() => stage.endedSids.length === 1);
    expect(admit()).toBeDefined();
  });

  it('[ASIDE-12.2-4] applies to the time without a byte', async () => {
    const stage = await Stage.start();
    const [one, other] = await stage.pair();
    stage.ahead += 59_000;
    stage.relay.dropIdle();
    one.socket.write('x');
    await other.received(1);
    stage.ahead += 59_000;
    stage.relay.dropIdle();
    other.socket.write('y');
    await one.received(1);
    stage.ahead += 60_000;
    stage.relay.dropIdle();
    await Promise.all([one.closed, other.closed]);
    expect(stage.endedSids).toEqual(['sid']);
  });

  it('[ASIDE-12.1-6] applies to the time of one side alone', async () => {
    const stage = await Stage.start();
    const one = await stage.enter(1);
    await waitFor(() => stage.admitted.length === 1);
    stage.ahead += 19_000;
    stage.relay.dropIdle();
    expect(stage.endedSids).toEqual([]);
    stage.ahead += 1_000;
    stage.relay.dropIdle();
    await one.closed;
    expect(stage.endedSids).toEqual(['sid']);
  });

  it('applies to the time without a byte from when both sides are there', async () => {
    const stage = await Stage.start({ idleMs: 15_000 });
    const one = await stage.enter(1);
    await waitFor(() => stage.admitted.length === 1);
    stage.ahead += 19_000;
    const other = await stage.enter(2);
    await Promise.all([one.ready(), other.ready()]);
    stage.relay.dropIdle();
    expect(stage.endedSids).toEqual([]);
  });
});

describe('End of a tunnel', () => {
  it('follows at once from the end of its session, for both sides, and affects no other tunnel', async () => {
    const stage = await Stage.start();
    const [one, other] = await stage.pair();
    const [third, fourth] = await stage.pair({ sid: 'another', people: [3, 4] });
    other.socket.pause();
    one.socket.write(randomBytes(8 * MEBIBYTE));
    await waitFor(() => stage.relay.counters.tunnelBytes > 0);
    stage.relay.cut('sid');
    other.socket.resume();
    await Promise.all([one.closed, other.closed]);
    third.socket.write('still');
    expect((await fourth.received(5)).toString()).toBe('still');
    expect(stage.endedSids).toEqual(['sid']);
    stage.relay.cut('sid');
    expect(stage.endedSids).toEqual(['sid']);
  });

  it('follows from that for a side that waits alone too', async () => {
    const stage = await Stage.start();
    const one = await stage.enter(1);
    await waitFor(() => stage.admitted.length === 1);
    stage.relay.cut('sid');
    await one.closed;
  });

  it('leaves each side the bytes on their way if it is orderly: half-closed, then closed', async () => {
    const stage = await Stage.start();
    const [one, other] = await stage.pair({ halfOpen: true });
    const [last, answer] = [randomBytes(2 * MEBIBYTE), randomBytes(2 * MEBIBYTE)];
    one.socket.end(last);
    await other.ended();
    expect(other.hash()).toBe(sha256(last));
    expect(stage.endedSids).toEqual([]);
    other.socket.end(answer);
    await one.ended();
    expect(one.hash()).toBe(sha256(answer));
    await Promise.all([one.closed, other.closed]);
    await waitFor(() => stage.endedSids.length === 1);
    expect(stage.streams.every((stream) => stream.destroyed)).toBe(true);
  });

  it('loses nothing if both sides end at the same time', async () => {
    const stage = await Stage.start();
    const [one, other] = await stage.pair({ halfOpen: true });
    const [up, down] = [randomBytes(3 * MEBIBYTE), randomBytes(MEBIBYTE)];
    one.socket.end(up);
    other.socket.end(down);
    await Promise.all([one.ended(), other.ended()]);
    expect([other.hash(), one.hash()]).toEqual([sha256(up), sha256(down)]);
    await waitFor(() => stage.endedSids.length === 1);
  });

  it('waits for a side that reads late', async () => {
    const stage = new Stage({});
    const [[late, one], [other, two]] = [duplexPair(), duplexPair()];
    for (const [index, stream] of [one, two].entries()) {
      stage.relay.accept(stream, () => {});
      (index === 0 ? late : other).write(`${JSON.stringify({ token: stage.token(index + 1) })}\n`);
    }
    late.end();
    await once(other.resume(), 'end');
    const closed = once(two, 'close');
    other.end('last words');
    await closed;
    expect(stage.endedSids).toEqual([]);
    let text = '';
    for await (const chunk of late.setEncoding('utf8')) text += String(chunk);
    expect(text).toBe('{"ready":true}\nlast words');
    await waitFor(() => stage.endedSids.length === 1);
  });

  it('follows a half-closed and silent connection after the time without a byte', async () => {
    const stage = await Stage.start();
    const [one, other] = await stage.pair({ halfOpen: true });
    one.socket.end();
    await other.ended();
    stage.ahead += 60_000;
    stage.relay.dropIdle();
    expect(stage.endedSids).toEqual(['sid']);
    expect(stage.streams.every((stream) => stream.destroyed)).toBe(true);
  });

  it('follows for the other side from a reset', async () => {
    const stage = await Stage.start();
    const [one, other] = await stage.pair();
    one.reset();
    await other.closed;
    expect(stage.endedSids).toEqual(['sid']);
  });

  it('follows for the other side from a reset during a transfer', async () => {
    const stage = await Stage.start();
    const [one, other] = await stage.pair();
    other.socket.pause();
    one.socket.write(randomBytes(16 * MEBIBYTE));
    await waitFor(() => stage.streams[1]?.writableNeedDrain === true);
    other.reset();
    await one.closed;
    expect(stage.endedSids).toEqual(['sid']);
  });

  it.each([
    ['ends', (client: TunnelClient) => client.socket.end()],
    ['is reset', (client: TunnelClient) => client.reset()],
  ])('is noticed while one side waits alone and the other %s', async (_how, leave) => {
    const stage = await Stage.start();
    const one = await stage.enter(1);
    await waitFor(() => stage.admitted.length === 1);
    leave(one);
    await waitFor(() => stage.endedSids.length === 1);
    expect(stage.streams[0]?.destroyed).toBe(true);
  });

  it('follows from the end of the server, also for unauthenticated and late connections', async () => {
    const stage = await Stage.start();
    const [one, other] = await stage.pair();
    const waiting = await stage.enter(3, { sid: 'another' });
    const stranger = await stage.connect();
    await waitFor(() => stage.streams.length === 4 && stage.admitted.length === 3);
    stage.relay.close();
    await Promise.all([one, other, waiting, stranger].map((client) => client.closed));
    const late = await stage.connect();
    await late.closed;
    expect(stage.endedSids.sort()).toEqual(['another', 'sid']);
  });

  it('follows from the end of the listener', async () => {
    const stage = await Stage.start();
    const [one, other] = await stage.pair();
    const stranger = await stage.connect();
    await stage.listener.close();
    await Promise.all([one, other, stranger].map((client) => client.closed));
    expect(stage.listener.connections).toBe(0);
  });
});

/** Records the writes of a stream of the server. */
function recordWrites(stream: Duplex): Buffer[] {
  const record: Buffer[] = [];
  const write = stream.write.bind(stream) as (chunk: Buffer) => boolean;
  stream.write = (chunk: Buffer) => {
    record.push(chunk);
    return write(chunk);
  };
  return record;
}

/** Waits for something that no event tells. */
async function waitFor(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('it did not come to be');
    await delay(2);
  }
}

/** Waits until a number has not changed for a while. */
async function waitForStillness(number: () => number): Promise<void> {
  for (let still = 0, before = -1; still < 10; still = number() === before ? still + 1 : 0) {
    before = number();
    await delay(20);
  }
}
