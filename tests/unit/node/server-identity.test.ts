import { existsSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Pin, ServerAddress } from '../../../src/core/ports.ts';
import { plainFile } from '../../../src/node/encrypted-file.ts';
import { PinsFile } from '../../../src/node/pins-file.ts';
import { forgetSignIn, openProfile, type Profile, type ProfileOptions } from '../../../src/node/profile.ts';
import { makeVault } from '../../../src/node/vault/vault.ts';
import { CHEAP_KEY } from '../../support/cheap-key.ts';

const NAME: ServerAddress = { host: 'chat.example', port: 12_000 };
const ADDRESS: ServerAddress = { host: '10.0.0.5', port: 12_000 };
const PORT: ServerAddress = { host: 'chat.example', port: 443 };
const PIN: Pin = { fingerprint: 'AA', certificate: 'aa' };
const [ONE, OTHER] = ['018c3f5e-0000-7000-8000-000000000001', '018c3f5e-0000-7000-8000-000000000002'] as const;
const KEY =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEegrmBR2dUG35YP1fNLlHZTk1sjw8yi3GZgNHran2lrE66/TfowQwMmgA0xwXaRMGL+azvcb6FXhiUsYlF1RsHw==';
let data: string;
let pins: PinsFile;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'aside-identity-'));
  pins = new PinsFile(plainFile(join(data, 'known-servers.json')));
});
afterEach(() => rmSync(data, { recursive: true }));

function using<T>(server: ServerAddress, work: (profile: Profile) => T, options: ProfileOptions = {}): T {
  const profile = openProfile(data, server, 'kevin', options);
  try {
    return work(profile);
  } finally {
    profile.close();
  }
}

function receive(server: ServerAddress, n: number, options: ProfileOptions = {}): void {
  using(
    server,
    ({ ports }) => {
      const id = `018c3f5e-0000-7000-8000-${String(n).padStart(12, '0')}`;
      ports.history.commit([{ id, conversation: '@hans', from: 'hans', to: 'kevin', text: `text ${n}`, at: n }], []);
    },
    options,
  );
}

const texts = (server: ServerAddress, options: ProfileOptions = {}) =>
  using(server, ({ ports }) => ports.history.page('@hans', undefined, 9).map(({ text }) => text), options);

describe('Profile of a server with several addresses (B8)', () => {
  it('is the same at another name, address or port with the same certificate and id', () => {
    pins.write(NAME, { ...PIN, id: ONE });
    receive(NAME, 1);
    const device = using(NAME, (profile) => profile.device);
    for (const server of [ADDRESS, PORT]) {
      expect(texts(server)).toEqual([]);
      rmSync(
        using(server, ({ folder }) => folder),
        { recursive: true },
      );
      pins.write(server, { ...PIN, id: ONE });
      expect(texts(server)).toEqual(['text 1']);
      expect(using(server, (profile) => profile.device)).toEqual(device);
    }
  });

  it.each([
    ['an unknown id on one side', PIN, { ...PIN, id: ONE }, true],
    ['another id under the same certificate', { ...PIN, id: ONE }, { ...PIN, id: OTHER }, false],
    [
      'the same id under another certificate',
      { ...PIN, id: ONE },
      { fingerprint: 'BB', certificate: 'bb', id: ONE },
      false,
    ],
    ['damaged pins', { fingerprint: '', certificate: '' }, { fingerprint: '', certificate: '' }, false],
  ])('compares certificate and id: %s', (_case, one, other, isSame) => {
    pins.write(NAME, one);
    receive(NAME, 1);
    pins.write(ADDRESS, other);
    expect(texts(ADDRESS)).toEqual(isSame ? ['text 1'] : []);
  });

  it('does not take over the messages of a server whose certificate was replaced at this address', () => {
    const former = { fingerprint: 'BB', certificate: 'bb', id: OTHER };
    pins.write(NAME, { ...PIN, id: ONE });
    receive(NAME, 1);
    pins.write(ADDRESS, former);
    receive(ADDRESS, 2);
    pins.write(ADDRESS, PIN);
    pins.write(ADDRESS, { ...PIN, id: ONE });
    expect(texts(ADDRESS)).toEqual(['text 2']);
    expect(texts(NAME)).toEqual(['text 1']);
  });

  it('stays the same after the server has renewed its certificate at all its addresses', () => {
    const renewed = { fingerprint: 'BB', certificate: 'bb' };
    for (const server of [NAME, ADDRESS]) pins.write(server, { ...PIN, id: ONE });
    receive(NAME, 1);
    for (const server of [NAME, ADDRESS]) {
      pins.write(server, renewed);
      pins.write(server, { ...renewed, id: ONE });
    }
    expect(texts(ADDRESS)).toEqual(['text 1']);
  });

  it('joins folders from before the addresses were known to be one server', () => {
    receive(NAME, 1);
    receive(ADDRESS, 2);
    const folders = [NAME, ADDRESS].map((server) => using(server, ({ folder }) => folder));
    using(NAME, ({ ports }) => ports.peers.identities.put('hans', { identityKey: KEY, verified: true, since: 1 }));
    using(ADDRESS, ({ ports, device }) => {
      ports.peers.identities.put('hans', { identityKey: KEY, verified: false, since: 2 });
      ports.peers.identities.put('lena', { identityKey: device.identityKey, verified: true, since: 3 });
      ports.secrets.writeToken('newer');
    });
    for (const file of ['history.db', 'history.db-wal']) {
      const path = join(folders[0] ?? '', file);
      if (existsSync(path)) utimesSync(path, 1, 1);
    }
    const device = using(ADDRESS, (profile) => profile.device);
    for (const server of [NAME, ADDRESS]) pins.write(server, PIN);

    expect(texts(NAME)).toEqual(['text 1', 'text 2']);
    expect(texts(ADDRESS)).toEqual(['text 1', 'text 2']);
    using(NAME, (profile) => {
      expect(profile.folder).toBe(folders[1]);
      expect(profile.device).toEqual(device);
      expect(profile.ports.secrets.readToken()).toBe('newer');
      expect(profile.ports.peers.identities.get('hans')).toMatchObject({ verified: true });
      expect(profile.ports.peers.identities.get('lena')).toMatchObject({ verified: true });
    });
    expect(existsSync(join(folders[0] ?? '', 'history.db'))).toBe(false);
    expect(existsSync(join(folders[0] ?? '', 'identity.json'))).toBe(false);
  });

  it('keeps every known identity of a user, each with its own verification (F10)', () => {
    const other = using(NAME, ({ device }) => device.identityKey);
    receive(NAME, 1);
    receive(ADDRESS, 2);
    using(NAME, ({ ports }) =>
      ports.peers.identities.put('hans', {
        ...{ identityKey: KEY, verified: false, since: 3 },
        others: [{ identityKey: other, verified: true, since: 1 }],
      }),
    );
    using(ADDRESS, ({ ports }) => ports.peers.identities.put('hans', { identityKey: KEY, verified: true, since: 2 }));
    for (const server of [NAME, ADDRESS]) pins.write(server, PIN);
    using(NAME, ({ ports }) => {
      const { others = [], ...last } = ports.peers.identities.get('hans') ?? {};
      expect(last).toMatchObject({ identityKey: KEY, verified: true });
      expect(others).toEqual([{ identityKey: other, verified: true, since: 1 }]);
    });
  });

  it('joins encrypted folders', async () => {
    const vault = await makeVault(data, 'battery staple', CHEAP_KEY);
    pins = new PinsFile(plainFile(join(data, 'known-servers.json')));
    receive(NAME, 1, { vault });
    receive(ADDRESS, 2, { vault });
    using(NAME, ({ ports }) => [NAME, ADDRESS].forEach((server) => ports.pins.write(server, PIN)), { vault });
    expect(texts(NAME, { vault })).toEqual(['text 1', 'text 2']);
    expect(texts(ADDRESS, { vault })).toEqual(['text 1', 'text 2']);
  });

  it('leaves a folder that another client has open, and joins it later', () => {
    receive(NAME, 1);
    receive(ADDRESS, 2);
    const open = openProfile(data, NAME, 'kevin');
    for (const server of [NAME, ADDRESS]) pins.write(server, PIN);
    for (const file of ['history.db', 'history.db-wal']) {
      if (existsSync(join(open.folder, file))) utimesSync(join(open.folder, file), 1, 1);
    }
    expect(texts(ADDRESS)).toEqual(['text 2']);
    open.close();
    expect(texts(ADDRESS)).toEqual(['text 1', 'text 2']);
  });

  it('forgets a sign-in at every address', () => {
    pins.write(NAME, PIN);
    using(NAME, ({ ports }) => ports.secrets.writeToken('secret'));
    pins.write(ADDRESS, PIN);
    forgetSignIn(data, pins, ADDRESS, 'kevin');
    using(NAME, ({ ports }) => expect(ports.secrets.readToken()).toBeUndefined());
  });

  it('is found by its address alone without TLS', () => {
    pins.write(NAME, PIN);
    receive(NAME, 1);
    pins.write(ADDRESS, PIN);
    expect(texts({ ...ADDRESS, plaintext: true } as ServerAddress)).toEqual([]);
  });
});
