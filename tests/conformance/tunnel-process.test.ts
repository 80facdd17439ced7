import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { selfSigned } from '../support/client-certificates.ts';
import { fakePayload, nextNotification } from '../support/private-notifications.ts';
import { startServer } from '../support/server-process.ts';
import { TunnelClient } from '../support/tunnel-client.ts';
import { WireClient } from '../support/wire-client.ts';
import { newName } from './setup.ts';

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

describe('Tunnel', () => {
  it('F4 [ASIDE-12.2-1] is encrypted end to end: the server stores, prints and logs no text of it', async () => {
    const server = await startServer({ args: ['--log-level', 'debug'] });
    const clients: WireClient[] = [];
    try {
      for (const base of ['kevin', 'maria']) {
        const client = await WireClient.connect(server);
        clients.push(client);
        await client.register(newName(base));
      }
      const [kevin, maria] = clients as [WireClient, WireClient];
      const sid = await talk(kevin, maria);
      const tokens = [await kevin.request('private.relay', { sid }), await maria.request('private.relay', { sid })];
      const both: TunnelClient[] = [];
      for (const { token } of tokens) {
        const client = await TunnelClient.connect(server);
        sides.push(client);
        both.push(client);
        client.enter(token);
      }
      const [one, other] = both as [TunnelClient, TunnelClient];
      await Promise.all([one.ready(), other.ready()]);
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
      const [far] = await secured;
      const words = 'only between the two of us';
      far.write(words);
      const [came] = (await once(near, 'data')) as [Buffer];
      expect(came.toString()).toBe(words);
      await server.stop();
      const files = readdirSync(server.dataFolder, { recursive: true, withFileTypes: true });
      const kept = files
        .filter((file) => file.isFile())
        .map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'));
      for (const text of [...kept, server.stdout(), server.stderr()]) {
        for (const secret of [words, sid, ...tokens.map(({ token }) => token)]) expect(text).not.toContain(secret);
      }
      expect(kept.some((text) => text.includes(kevin.username))).toBe(true);
    } finally {
      for (const client of clients) client.socket.destroy();
      await server.cleanUp();
    }
  });

  it('A6 [ASIDE-12.2-8] ends with the server, in time', async () => {
    const server = await startServer();
    try {
      const clients: WireClient[] = [];
      for (let n = 0; n < 2; n++) {
        const client = await WireClient.connect(server);
        clients.push(client);
        await client.register(newName());
      }
      const [kevin, maria] = clients as [WireClient, WireClient];
      const sid = await talk(kevin, maria);
      const both: TunnelClient[] = [];
      for (const client of clients) {
        const entering = await TunnelClient.connect(server);
        sides.push(entering);
        both.push(entering);
        entering.enter((await client.request('private.relay', { sid })).token);
      }
      await Promise.all(both.map((client) => client.ready()));
      const stranger = await TunnelClient.connect(server);
      sides.push(stranger);
      both[0]?.socket.write(randomBytes(4 * 1024 * 1024));
      const start = Date.now();
      expect(await server.stop()).toMatchObject({ code: 0 });
      expect(Date.now() - start).toBeLessThan(5_000);
      await Promise.all([...both, stranger].map((client) => client.closed));
    } finally {
      await server.cleanUp();
    }
  });
});
