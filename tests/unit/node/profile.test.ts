import { spawn } from 'node:child_process';
import { createHash, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { plainFile } from '../../../src/node/encrypted-file.ts';
import { identityFingerprint, openStoredDevice } from '../../../src/node/device-identity.ts';
import { PinsFile } from '../../../src/node/pins-file.ts';
import { openProfile } from '../../../src/node/profile.ts';
import { device } from '../../../src/shared/protocol/ids.ts';
import { bundleProgram } from '../../support/client-bundle.ts';

const SERVER = { host: 'Chat.Example', port: 12_000 };
const PIN = { fingerprint: 'AA', certificate: 'aa' };
let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'aside-profile-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

describe('Profile', () => {
  it('stores device, token and certificate in files that only their owner can read', () => {
    const first = openProfile(data, SERVER, 'Kevin');
    first.ports.secrets.writeToken('secret');
    first.ports.pins.write(SERVER, PIN);
    first.close();
    const second = openProfile(data, { host: 'chat.example', port: 12_000 }, 'kevin');
    expect(second.device).toEqual(first.device);
    expect(device.safeParse(second.device).success).toBe(true);
    expect(second.ports.secrets.readToken()).toBe('secret');
    expect(second.ports.pins.read({ host: 'CHAT.example', port: 12_000 })).toEqual(PIN);
    second.ports.secrets.writeToken(undefined);
    expect(second.ports.secrets.readToken()).toBeUndefined();
    second.close();
    const files = readdirSync(data, { recursive: true, encoding: 'utf8' }).map((name) => join(data, name));
    expect(files.some((file) => file.endsWith('identity.json'))).toBe(true);
    for (const one of files) expect(statSync(one).mode & 0o077).toBe(0);
  });

  it('has the fingerprint of its key, as other programs compute it', () => {
    const { device, privateKey } = openStoredDevice(plainFile(join(data, 'identity.json')));
    const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
    expect(identityFingerprint(device)).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(identityFingerprint(device).replaceAll(':', '').toLowerCase()).toBe(
      createHash('sha256').update(spki).digest('hex'),
    );
  });

  it('exists once for each account, and two can be open at the same time', () => {
    const kevin = openProfile(data, SERVER, 'kevin');
    const hans = openProfile(data, SERVER, 'hans');
    expect(kevin.device.id).not.toBe(hans.device.id);
    expect(() => openProfile(data, SERVER, 'KEVIN')).toThrow('already open in another client');
    kevin.close();
    hans.close();
  });

  it.each(['..', '.', '/etc', 'a/../b', 'con:', '*', 'ü'.repeat(32), '🙂'.repeat(32)])(
    'stays in its folder: %s',
    (name) => {
      const profile = openProfile(data, SERVER, name);
      profile.close();
      const parent = join(data, 'chat.example_12000');
      expect(readdirSync(parent)).toHaveLength(1);
      expect(join(profile.folder, '..')).toBe(parent);
    },
  );

  it('refuses a damaged identity or list of servers', () => {
    const profile = openProfile(data, SERVER, 'kevin');
    profile.close();
    const identity = join(profile.folder, 'identity.json');
    writeFileSync(identity, readFileSync(identity, 'utf8').slice(0, 40));
    expect(() => openProfile(data, SERVER, 'kevin')).toThrow('damaged');
    expect(() => openStoredDevice(plainFile(identity))).toThrow(identity);
    writeFileSync(join(data, 'known-servers.json'), '{"chat.example:12000": 7}');
    expect(() => openProfile(data, SERVER, 'yoda')).toThrow('known servers is damaged');
  });

  it('reads certificates that another client has pinned meanwhile, and loses none (G1)', () => {
    const file = join(data, 'known-servers.json');
    const [one, other] = [new PinsFile(plainFile(file)), new PinsFile(plainFile(file))];
    one.write(SERVER, PIN);
    other.write({ host: 'other', port: 1 }, { ...PIN, fingerprint: 'BB' });
    expect(other.read(SERVER)).toEqual(PIN);
    expect(one.read({ host: 'other', port: 1 })?.fingerprint).toBe('BB');
    writeFileSync(file, 'damaged');
    expect(one.read(SERVER)).toEqual(PIN);
    // The state after another program has encrypted the file.
    rmSync(file);
    expect(one.read(SERVER)).toEqual(PIN);
  });

  it('keeps the certificates of many programs that pin at the same time', { timeout: 60_000 }, async () => {
    const bundle = await bundleProgram(new URL('../../support/pins-writer-child.ts', import.meta.url));
    onTestFinished(() => bundle.remove());
    const run = async (name: string): Promise<unknown[]> =>
      await once(spawn(process.execPath, [bundle.file, data, name, '60'], { stdio: 'inherit' }), 'exit');
    // A program that was killed while writing does not block the others.
    expect(await run('killed')).toEqual([null, 'SIGKILL']);
    const names = ['a', 'b', 'c'];
    expect(await Promise.all(names.map(run))).toEqual(names.map(() => [0, null]));
    const pins = new PinsFile(plainFile(join(data, 'known-servers.json')));
    const kept = names.map(
      (host) => Array.from({ length: 60 }, (_one, n) => pins.read({ host, port: n + 1 })).filter(Boolean).length,
    );
    expect(kept).toEqual([60, 60, 60]);
  });
});
