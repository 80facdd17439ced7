import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { fakePayload, nextNotification } from '../support/private-notifications.ts';
import { sha256, TunnelClient, writeInPieces } from '../support/tunnel-client.ts';
import { WireClient } from '../support/wire-client.ts';
import { type Stage, useServer } from './setup.ts';

const stage = useServer();
const sides: TunnelClient[] = [];

afterEach(() => {
  for (const side of sides.splice(0)) side.socket.destroy();
});

async function talk(kevin: WireClient, maria: WireClient): Promise<string> {
  const sid = randomUUID();
  await kevin.request('private.request', { sid, to: maria.username, offer: fakePayload('offer') });
  await nextNotification(maria, 'private.requested');
  await maria.request('private.answer', { sid, accept: true });
  await nextNotification(kevin, 'private.answered');
  return sid;
}

/** Two users in a private session. */
async function twoPeople(of: Stage = stage): Promise<{ kevin: WireClient; maria: WireClient; sid: string }> {
  const [kevin, maria] = [await of.person('kevin'), await of.person('maria')];
  return { kevin, maria, sid: await talk(kevin, maria) };
}

async function side(token: string, halfOpen = false): Promise<TunnelClient> {
  const client = await TunnelClient.connect(stage.server, halfOpen);
  sides.push(client);
  client.enter(token);
  return client;
}

async function tunnel(kevin: WireClient, maria: WireClient, sid: string, halfOpen = false) {
  const tokens = [await kevin.request('private.relay', { sid }), await maria.request('private.relay', { sid })];
  const [one, other] = [await side(tokens[0]?.token ?? '', halfOpen), await side(tokens[1]?.token ?? '', halfOpen)];
  return [await one.ready(), await other.ready()] as const;
}

describe('Tunnel token', () => {
  it('F4 [ASIDE-12.1-1] is given to each side, and valid once', async () => {
    const { kevin, maria, sid } = await twoPeople();
    const former = await kevin.request('private.relay', { sid });
    const before = Date.now();
    const { token, expiresAt } = await kevin.request('private.relay', { sid });
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(expiresAt).toBeGreaterThanOrEqual(before + 60_000);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + 60_000);
    await (await side(former.token)).closed;
    const one = await side(token);
    const again = await side(token);
    await again.closed;
    const other = await side((await maria.request('private.relay', { sid })).token);
    await Promise.all([one.ready(), other.ready()]);
  });

  it('I3 [ASIDE-12.1-2] is given to one user at most four times at once', async () => {
    const { kevin, maria, sid } = await twoPeople();
    await tunnel(kevin, maria, sid);
    const sids = [sid];
    for (let n = 0; n < 4; n++) sids.push(await talk(kevin, await stage.person()));
    for (const other of sids.slice(1, 4)) await kevin.request('private.relay', { sid: other });
    expect((await kevin.refusal('private.relay', { sid: sids[4] })).reason).toBe('relay-busy');
    await maria.request('private.end', { sid });
    await kevin.request('private.relay', { sid: sids[4] ?? '' });
  });

  it('F4 [ASIDE-12.1-3] [ASIDE-12.1-5] opens a tunnel without a greeting, which reports when both sides are there', async () => {
    const { kevin, maria, sid } = await twoPeople();
    const one = await TunnelClient.connect(stage.server);
    sides.push(one);
    one.enter((await kevin.request('private.relay', { sid })).token, Buffer.from('too early'));
    // Something that the server answers later than it would have greeted.
    await kevin.caughtUp();
    expect([one.isReady, one.bytes]).toEqual([false, 0]);
    const other = await side((await maria.request('private.relay', { sid })).token);
    await Promise.all([one.ready(), other.ready()]);
    expect((await other.received(9)).toString()).toBe('too early');
  });

  it('F4 [ASIDE-12.1-4] is required: any other line closes the connection without an answer', async () => {
    const { kevin, sid } = await twoPeople();
    const { token } = await kevin.request('private.relay', { sid });
    for (const line of [
      JSON.stringify({ token: randomBytes(32).toString('base64url') }),
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'session.ping' }),
      JSON.stringify([token]),
      `{"token":"${token}"${' '.repeat(256)}}`,
      token,
      '',
    ]) {
      const client = await TunnelClient.connect(stage.server);
      sides.push(client);
      client.socket.write(`${line}\n`);
      await client.closed;
      expect(client.socket.bytesRead, line).toBe(0);
    }
    const start = Date.now();
    const silent = await TunnelClient.connect(stage.server);
    sides.push(silent);
    await silent.closed;
    expect(Date.now() - start).toBeGreaterThan(4_000);
    expect(Date.now() - start).toBeLessThan(14_000);
    // None of it has used the token up.
    const one = await side(token);
    await kevin.caughtUp();
    expect(one.isClosed).toBe(false);
  });

  it('F4 [ASIDE-12.1-7] opens the tunnel again after a lost connection', async () => {
    const { kevin, maria, sid } = await twoPeople();
    const [one, other] = await tunnel(kevin, maria, sid);
    const again = await side((await kevin.request('private.relay', { sid })).token);
    await Promise.all([one.closed, other.closed]);
    const otherAgain = await side((await maria.request('private.relay', { sid })).token);
    await Promise.all([again.ready(), otherAgain.ready()]);
  });
});

describe('Tunnel data', () => {
  it('F4 [ASIDE-12.2-1] arrives unchanged at the other end, both ways', async () => {
    const { kevin, maria, sid } = await twoPeople();
    const [one, other] = await tunnel(kevin, maria, sid);
    const [up, down] = [randomBytes(900_000), randomBytes(700_000)];
    await Promise.all([writeInPieces(one.socket, up), writeInPieces(other.socket, down)]);
    await Promise.all([other.received(up.length), one.received(down.length)]);
    expect([other.hash(), one.hash()]).toEqual([sha256(up), sha256(down)]);
  });

  it('I3 [ASIDE-12.2-3] flows in a burst of 1 MiB, then at 256 KiB a second', async () => {
    const { kevin, maria, sid } = await twoPeople();
    const [one, other] = await tunnel(kevin, maria, sid);
    const bytes = randomBytes(1_536 * 1024);
    const start = Date.now();
    one.socket.write(bytes);
    await other.received(1_000_000);
    expect(Date.now() - start).toBeLessThan(3_000);
    await other.received(bytes.length);
    // The last 512 KiB take two seconds, but for what was read at once last.
    expect(Date.now() - start).toBeGreaterThan(1_600);
    expect(Date.now() - start).toBeLessThan(12_000);
    expect(other.hash()).toBe(sha256(bytes));
  });

  it('F4 [ASIDE-12.2-5] [ASIDE-12.2-6] arrives complete before an orderly end; a reset ends both sides', async () => {
    const { kevin, maria, sid } = await twoPeople();
    const [one, other] = await tunnel(kevin, maria, sid, true);
    const last = randomBytes(300_000);
    one.socket.end(last);
    await other.ended();
    expect(other.hash()).toBe(sha256(last));
    other.socket.write('still here');
    expect((await one.received(10)).toString()).toBe('still here');
    other.socket.end();
    await Promise.all([one.closed, other.closed]);
    const [third, fourth] = await tunnel(kevin, maria, sid);
    third.reset();
    await fourth.closed;
  });
});

describe('End of the tunnel', () => {
  it.each<[string, (kevin: WireClient, maria: WireClient, sid: string) => Promise<unknown>]>([
    ['the end of the session', (kevin, _maria, sid) => kevin.request('private.end', { sid })],
    ['a sign-out', (kevin) => kevin.signOut()],
    ['a block', (kevin, maria) => maria.request('blacklist.add', { username: kevin.username })],
    ['a take-over', async (kevin) => (await stage.connect()).signIn(kevin.username, { takeOver: true })],
  ])('B6 E3 [ASIDE-12.2-7] follows at once from %s', async (_what, end) => {
    const { kevin, maria, sid } = await twoPeople();
    const [one, other] = await tunnel(kevin, maria, sid);
    const next = await maria.request('private.relay', { sid });
    await end(kevin, maria, sid);
    await Promise.all([one.closed, other.closed]);
    await (await side(next.token)).closed;
  });

  it('C1 [ASIDE-12.2-7] does not follow from a lost and restored connection to the server', async () => {
    const { kevin, maria, sid } = await twoPeople();
    const [one, other] = await tunnel(kevin, maria, sid);
    await kevin.drop();
    one.socket.write('still here');
    expect((await other.received(10)).toString()).toBe('still here');
    const again = await WireClient.connect(stage.server, { device: kevin.device });
    await again.resume(kevin.token);
    other.socket.write('me too');
    expect((await one.received(6)).toString()).toBe('me too');
    await again.signOut();
    await Promise.all([one.closed, other.closed]);
  });
});

describe('Server without TLS', () => {
  const plain = useServer({ plaintext: true });

  it('F4 [ASIDE-12.1-2] offers no tunnel', async () => {
    const { kevin, sid } = await twoPeople(plain);
    expect((await kevin.refusal('private.relay', { sid })).reason).toBe('relay-busy');
  });
});
