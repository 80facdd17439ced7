import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newDevice, type WireClient } from '../support/wire-client.ts';
import { connectAgain, newName, useServer } from './setup.ts';

const stage = useServer();

/** Ends a connection without a word and comes back with a token. */
async function back(former: WireClient, token: string): Promise<WireClient> {
  await former.drop();
  const client = await stage.connect({ ...former.options, device: former.device });
  await client.resume(token);
  return client;
}

async function refused(former: WireClient, token: string, device = former.device): Promise<string> {
  const client = await stage.connect();
  return (await client.refusal('session.resume', { token, device })).reason;
}

describe('Tokens', () => {
  it('B4 [ASIDE-5.5-1] [ASIDE-5.5-2] sign in without a password, and each use gives a new one', async () => {
    const kevin = await stage.person();
    const tokens = [kevin.token];
    let client = kevin;
    for (let i = 0; i < 4; i++) {
      await client.drop();
      const next = await stage.connect({ device: kevin.device });
      const result = await next.resume(client.token);
      expect(result).toMatchObject({ username: kevin.username, waiting: 0 });
      expect(result.online.map(({ username }) => username)).not.toContain(kevin.username);
      expect(result.tokenExpiresAt).toBeGreaterThan(Date.now());
      tokens.push(next.token);
      client = next;
    }
    expect(new Set(tokens).size).toBe(5);
  });

  it('B4 [ASIDE-5.5-5] stay valid for one more use after a new one was given, because the answer may have been lost', async () => {
    const kevin = await stage.person();
    const first = kevin.token;
    const second = await back(kevin, first);
    const third = await back(second, first);
    expect(third.token).not.toBe(second.token);
    await back(third, third.token);
  });

  it('B4 [ASIDE-5.5-6] [ASIDE-5.5-3] that are older revoke all tokens of the device', async () => {
    const kevin = await stage.person();
    const first = kevin.token;
    const second = await back(kevin, first);
    const third = await back(second, second.token);
    await third.drop();
    expect(await refused(kevin, first)).toBe('token-invalid');
    expect(await refused(kevin, third.token)).toBe('token-invalid');
    expect(await refused(kevin, second.token)).toBe('token-invalid');
    await (await stage.connect()).signIn(kevin.username);
  });

  it('B4 [ASIDE-5.5-6] of other devices stay valid after that', async () => {
    const laptop = await stage.person();
    const first = laptop.token;
    const again = await back(laptop, first);
    const third = await back(again, again.token);
    const phone = await stage.connect({ device: newDevice('phone') });
    await phone.signIn(laptop.username, { takeOver: true });
    await third.closed;
    expect(await refused(laptop, first)).toBe('token-invalid');
    await back(phone, phone.token);
  });

  it('B4 [ASIDE-5.5-4] are valid on their own device only', async () => {
    const kevin = await stage.person();
    await kevin.drop();
    expect(await refused(kevin, kevin.token, newDevice())).toBe('token-invalid');
  });

  it('B4 [ASIDE-5.5-3] that the server did not issue are refused', async () => {
    const kevin = await stage.person();
    for (const token of [
      'x',
      ' ',
      '.',
      kevin.token.slice(0, -1),
      `${kevin.token}A`,
      kevin.token.toUpperCase(),
      'x'.repeat(256),
    ]) {
      expect(await refused(kevin, token), token).toBe('token-invalid');
    }
  });

  it('B4 are not on the disk', async () => {
    const kevin = await stage.person(newName());
    const secret = kevin.token.slice(-40);
    for (const entry of readdirSync(stage.server.dataFolder)) {
      const file = join(stage.server.dataFolder, entry);
      if (statSync(file).isFile()) expect(readFileSync(file).includes(secret), entry).toBe(false);
    }
  });

  it('B4 [ASIDE-5.5-1] are also given at a take-over, and stay valid for the older device', async () => {
    const laptop = await stage.person();
    const phone = await stage.connect();
    await phone.signIn(laptop.username, { takeOver: true });
    await laptop.closed;
    await phone.drop();
    const again = await connectAgain(stage.server, laptop);
    await again.resume(laptop.token);
    await again.drop();
  });
});
