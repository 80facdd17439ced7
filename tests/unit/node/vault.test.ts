import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import fs, {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { StateFile } from '../../../src/host/account/state-file.ts';
import { openProfile } from '../../../src/node/profile.ts';
import { ProfileError } from '../../../src/node/profile-error.ts';
import { decryptProfiles, encryptProfiles } from '../../../src/node/protect-profiles.ts';
import type { FileCipher } from '../../../src/node/file-cipher.ts';
import { encryptedHistoryKey, EncryptedSecrets } from '../../../src/node/profile-secrets.ts';
import { hasVault, LockedError, makeVault, openVault, type Vault } from '../../../src/node/vault/vault.ts';
import { bundleProgram } from '../../support/client-bundle.ts';
import { CHEAP_KEY } from '../../support/cheap-key.ts';
import { SUITE } from '../../support/suite.ts';

const PASSPHRASE = 'correct horse battery';
const SERVER = { host: '127.0.0.1', port: 1 };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aside-vault-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const made = async (): Promise<Vault> => {
  const vault = await makeVault(folder, PASSPHRASE, CHEAP_KEY);
  if (vault === undefined) throw new Error('there is a vault already');
  return vault;
};

const message = (n: number) => ({
  id: `018c3f5e-0000-7000-8000-${String(n).padStart(12, '0')}`,
  conversation: '@hans',
  from: 'Hans',
  to: 'kevin',
  text: `Geheimnisvoll ${n}`,
  at: n,
});

const IDENTITY_KEY = generateKeyPairSync('ec', {
  namedCurve: 'prime256v1',
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).publicKey.toString('base64');
const QUIETLY = { onProgress: () => undefined };
const SYSTEM: FileCipher = {
  ending: 'sealed',
  encrypt: (_purpose, text) => Buffer.from(text).toString('base64'),
  decrypt: (_purpose, sealed) => Buffer.from(sealed, 'base64').toString(),
};
const PIN = { fingerprint: 'AB:CD', certificate: 'pinned certificate' };
const OTHER_PIN = { fingerprint: 'EF:01', certificate: 'another certificate' };
const PINNED = { host: 'pinned', port: 2 };
/** Secrets in the files of a full profile. */
const SECRETS = ['Geheimnisvoll', 'token of', 'PRIVATE KEY', 'pinned certificate', '"verified"', '"reveal"'];

/** A plain profile. @param full with every file that a profile can have */
function plainProfile(home: string, username: string, full = false): void {
  const { ports, close } = openProfile(home, SERVER, username);
  if (full) {
    ports.pins.write(PINNED, PIN);
    ports.peers?.identities.put('hans', { identityKey: IDENTITY_KEY, verified: true, since: 5 });
    ports.peers?.addressRules.write({ reveal: false, people: { hans: true } });
  }
  ports.history.commit([message(1), message(2), message(3)], []);
  ports.secrets.writeToken(`token of ${username}`);
  close();
}

function contentOf(home: string, username: string, vault?: Vault): { texts: string[]; token: string | undefined } {
  const { ports, close } = openProfile(home, SERVER, username, { vault });
  const texts = ports.history.page('@hans', undefined, 10).map(({ text }) => text);
  const token = ports.secrets.readToken();
  close();
  return { texts, token };
}

function opened(home: string, username: string, vault?: Vault) {
  const { ports, close } = openProfile(home, SERVER, username, { vault });
  return { ...ports, close };
}

/** Content of all files of a profile. */
function everythingOf(home: string, username: string, vault?: Vault, encryptionKey?: (profile: string) => string) {
  const { ports, device, close } = openProfile(home, SERVER, username, {
    vault,
    ...(encryptionKey && { encryptionKey }),
  });
  const { history, secrets, pins, peers } = ports;
  const texts = history.page('@hans', undefined, 10).map(({ text }) => text);
  const found = history.search({ text: 'heimnisvoll 2', limit: 9 }).messages.map(({ text }) => text);
  const rest = { pin: pins.read(PINNED), hans: peers?.identities.get('hans'), rule: peers?.addressRules.read() };
  // Another test covers a token in the system's secret store.
  const token = encryptionKey === undefined ? secrets.readToken() : `token of ${username}`;
  close();
  return { texts, found, token, device, ...rest };
}

/** The folders of all profiles. */
function foldersOf(home: string): string[] {
  const server = join(home, '127.0.0.1_1');
  return readdirSync(server).map((name) => join(server, name));
}

const namesIn = (home: string): string[] => readdirSync(home, { recursive: true, encoding: 'utf8' });

const contentOfPlain = (username: string) => ({
  texts: ['Geheimnisvoll 1', 'Geheimnisvoll 2', 'Geheimnisvoll 3'],
  token: `token of ${username}`,
});

/** Words that any file below a folder contains in plain text. */
function readable(home: string, ...words: string[]): string[] {
  const bytes = readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  return words.filter((word) => bytes.some((one) => one.includes(word)));
}

describe('Vault of a data folder (G1, G8)', () => {
  it('opens with its passphrase only, independent of how its characters are composed', async () => {
    await makeVault(folder, 'Grüße an Käthe', CHEAP_KEY);
    expect(await openVault(folder, 'Gru\u0308ße an Ka\u0308the')).toBeDefined();
    expect(await openVault(folder, 'Grüße an Kathe')).toBeUndefined();
    expect(await openVault(folder, '')).toBeUndefined();
  });

  it('is a file for its owner, with the standard cost of a guess and without the key', async () => {
    const vault = await makeVault(folder, PASSPHRASE);
    if (vault === undefined) throw new Error('there is a vault already');
    const file = join(folder, 'vault.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const content = JSON.parse(readFileSync(file, 'utf8')) as { derivation: object };
    expect(content.derivation).toMatchObject({ name: 'argon2id', memoryKiB: 65_536, passes: 3, lanes: 4 });
    expect(readFileSync(file, 'utf8')).not.toContain(Reflect.get(vault, 'key').toString('base64'));
    expect(readdirSync(folder)).toEqual(['vault.json']);
    expect(await openVault(folder, PASSPHRASE)).toBeDefined();
  });

  it('uses the cost in its file, within bounds', async () => {
    await made();
    const file = join(folder, 'vault.json');
    const content = JSON.parse(readFileSync(file, 'utf8')) as { derivation: object };
    const write = (change: object) =>
      writeFileSync(file, JSON.stringify({ ...content, derivation: { ...content.derivation, ...change } }));
    write({ passes: 4 });
    expect(await openVault(folder, PASSPHRASE)).toBeUndefined();
    for (const change of [{ memoryKiB: 2 ** 31 }, { passes: 1e6 }, { lanes: 0 }, { salt: '' }, { name: 'plain' }]) {
      write(change);
      await expect(openVault(folder, PASSPHRASE)).rejects.toThrow(/damaged/);
    }
    rmSync(file);
    await expect(openVault(folder, PASSPHRASE)).rejects.toThrow(ProfileError);
  });

  it('is created once, so that files encrypted with it stay readable', async () => {
    const [one, other] = await Promise.all([
      makeVault(folder, PASSPHRASE, CHEAP_KEY),
      makeVault(folder, 'another horse', CHEAP_KEY),
    ]);
    expect([one, other].filter((vault) => vault === undefined)).toHaveLength(1);
    expect(await openVault(folder, one === undefined ? 'another horse' : PASSPHRASE)).toBeDefined();
    expect(readdirSync(folder)).toEqual(['vault.json']);
  });

  it('is created once on a file system without hard links, too', async () => {
    const link = vi.spyOn(fs, 'linkSync').mockImplementation(() => {
      throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' });
    });
    syncBuiltinESMExports();
    onTestFinished(() => {
      link.mockRestore();
      syncBuiltinESMExports();
    });
    const [one, other] = await Promise.all([
      makeVault(folder, PASSPHRASE, CHEAP_KEY),
      makeVault(folder, 'another horse', CHEAP_KEY),
    ]);
    expect(link).toHaveBeenCalled();
    expect([one, other].filter((vault) => vault === undefined)).toHaveLength(1);
    expect(await openVault(folder, one === undefined ? 'another horse' : PASSPHRASE)).toBeDefined();
    expect(statSync(join(folder, 'vault.json')).mode & 0o777).toBe(0o600);
    // The lock file of a killed program does not block others.
    expect(readdirSync(folder).toSorted()).toEqual(['vault.json', 'vault.json.lock']);
    rmSync(join(folder, 'vault.json'));
    expect(await makeVault(folder, PASSPHRASE, CHEAP_KEY)).toBeDefined();
  });

  it('encrypts for one purpose and one profile, and detects every change', async () => {
    const vault = await made();
    const seal = vault.cipherOf('server/kevin');
    const sealed = seal.encrypt('token', 'secret');
    expect(seal.decrypt('token', sealed)).toBe('secret');
    expect(seal.decrypt('history-key', sealed)).toBeUndefined();
    expect(vault.cipherOf('server/hans').decrypt('token', sealed)).toBeUndefined();
    const bytes = Buffer.from(sealed, 'base64');
    for (let place = 0; place < bytes.length; place++) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 1;
      expect(seal.decrypt('token', changed.toString('base64'))).toBeUndefined();
      expect(seal.decrypt('token', bytes.subarray(0, place).toString('base64'))).toBeUndefined();
    }
    expect(seal.encrypt('token', 'secret')).not.toBe(sealed);
  });

  it('changes its passphrase without encrypting other files again', async () => {
    const vault = await made();
    const sealed = vault.cipherOf('p').encrypt('token', 'secret');
    await vault.changePassphrase(folder, 'another horse', CHEAP_KEY);
    expect(await openVault(folder, PASSPHRASE)).toBeUndefined();
    const again = await openVault(folder, 'another horse');
    expect(again?.cipherOf('p').decrypt('token', sealed)).toBe('secret');
  });
});

describe('Profiles of a data folder with a vault (G1, G8)', () => {
  it('do not open without the vault; the error says why', async () => {
    plainProfile(folder, 'kevin');
    await made();
    expect(() => openProfile(folder, SERVER, 'kevin')).toThrow(LockedError);
    expect(() => openProfile(folder, SERVER, 'new')).toThrow('locked with a passphrase');
  });

  it('have an encrypted token and history from the start', async () => {
    const vault = await made();
    const { ports, folder: profile, close } = openProfile(folder, SERVER, 'kevin', { vault });
    ports.history.commit([message(1), message(2), message(3)], []);
    ports.secrets.writeToken('token of kevin');
    expect(readable(folder, 'Geheimnisvoll', 'token of')).toEqual([]);
    close();
    const sealed = readdirSync(profile).filter((name) => name.endsWith('.vault'));
    expect(sealed.toSorted()).toEqual(['history-key.vault', 'identity.vault', 'token.vault']);
    for (const name of sealed) expect(statSync(join(profile, name)).mode & 0o777).toBe(0o600);
    const again = await openVault(folder, PASSPHRASE);
    expect(contentOf(folder, 'kevin', again)).toEqual(contentOfPlain('kevin'));
  });

  it('are all encrypted with the first passphrase, open or not', async () => {
    plainProfile(folder, 'kevin');
    plainProfile(folder, 'hans');
    mkdirSync(join(folder, 'window', 'Cache'), { recursive: true });
    expect(readable(folder, 'Geheimnisvoll', 'token of')).toEqual(['Geheimnisvoll', 'token of']);
    const vault = await made();
    await encryptProfiles(folder, vault, undefined, QUIETLY);
    expect(readable(folder, 'Geheimnisvoll', 'token of')).toEqual([]);
    for (const name of ['kevin', 'hans']) expect(contentOf(folder, name, vault)).toEqual(contentOfPlain(name));
  });

  it('stay unchanged while another client has them open, and are encrypted at the next opening', async () => {
    plainProfile(folder, 'kevin');
    const open = openProfile(folder, SERVER, 'kevin');
    const vault = await made();
    await encryptProfiles(folder, vault, undefined, QUIETLY);
    expect(open.ports.history.page('@hans', undefined, 10)).toHaveLength(3);
    open.close();
    expect(contentOf(folder, 'kevin', vault)).toEqual(contentOfPlain('kevin'));
    expect(readable(folder, 'Geheimnisvoll', 'token of')).toEqual([]);
  });

  it('take over the key of a history from the secret store of the system, if it can be decrypted', async () => {
    const encryptionKey = (profile: string) => encryptedHistoryKey(profile, SYSTEM);
    const before = openProfile(folder, SERVER, 'kevin', { encryptionKey });
    before.ports.history.commit([message(1)], []);
    before.close();
    const vault = await made();
    // The store is not available now: a new key could never open the history.
    expect(() => openProfile(folder, SERVER, 'kevin', { vault })).toThrow('secret store');
    expect(existsSync(join(before.folder, 'history-key.vault'))).toBe(false);
    openProfile(folder, SERVER, 'kevin', { encryptionKey, vault }).close();
    expect(contentOf(folder, 'kevin', vault).texts).toEqual(['Geheimnisvoll 1']);
  });

  it('have no token if it cannot be decrypted, so that the user enters the password', async () => {
    const vault = await made();
    const { folder: profile, close } = openProfile(folder, SERVER, 'kevin', { vault });
    close();
    writeFileSync(join(profile, 'token.vault'), 'AAAA');
    expect(new EncryptedSecrets(profile, vault.cipherOf('x')).readToken()).toBeUndefined();
    writeFileSync(join(profile, 'history-key.vault'), 'AAAA');
    expect(() => openProfile(folder, SERVER, 'kevin', { vault })).toThrow('does not belong to this passphrase');
  });

  it('have all other files encrypted too, and report a file that cannot be decrypted', async () => {
    plainProfile(folder, 'kevin', true);
    const before = everythingOf(folder, 'kevin');
    const [profile] = foldersOf(folder);
    expect(readable(folder, ...SECRETS)).toEqual(SECRETS);
    const vault = await made();
    await encryptProfiles(folder, vault, undefined, QUIETLY);
    expect(readable(folder, ...SECRETS)).toEqual([]);
    expect(readdirSync(profile ?? '').filter((name) => name.endsWith('.json'))).toEqual([]);
    expect(everythingOf(folder, 'kevin', vault)).toEqual(before);
    // A file of a program that runs since before the passphrase.
    writeFileSync(join(folder, 'known-servers.json'), JSON.stringify({ 'pinned:2': OTHER_PIN, 'more:1': OTHER_PIN }));
    const { pins, close } = opened(folder, 'kevin', vault);
    expect([pins.read(PINNED), pins.read({ host: 'more', port: 1 })]).toEqual([PIN, OTHER_PIN]);
    close();
    writeFileSync(join(profile ?? '', 'identity.vault'), 'AAAA');
    expect(() => openProfile(folder, SERVER, 'kevin', { vault })).toThrow('does not belong to the passphrase');
  });

  it('are plain again without the vault, or encrypted with the secret store of the system', async () => {
    for (const ofSystem of [undefined, SYSTEM]) {
      const home = join(folder, String(ofSystem?.ending));
      plainProfile(home, 'kevin', true);
      plainProfile(home, 'hans', true);
      const before = ['kevin', 'hans'].map((name) => everythingOf(home, name));
      const vault = await makeVault(home, PASSPHRASE, CHEAP_KEY);
      if (vault === undefined) throw new Error('there is a vault already');
      await encryptProfiles(home, vault, undefined, QUIETLY);
      await decryptProfiles(home, vault, ofSystem, () => undefined, QUIETLY);
      expect(hasVault(home)).toBe(false);
      expect(namesIn(home).filter((name) => name.endsWith('.vault'))).toEqual([]);
      const key = ofSystem && ((profile: string) => encryptedHistoryKey(profile, ofSystem));
      if (ofSystem !== undefined) {
        expect(readable(home, 'Geheimnisvoll', 'token of')).toEqual([]);
        for (const profile of foldersOf(home))
          expect(new EncryptedSecrets(profile, ofSystem).readToken()).toMatch(/^token of/);
      }
      expect(['kevin', 'hans'].map((name) => everythingOf(home, name, undefined, key))).toEqual(before);
      // Another program that still has the key cannot open a profile any more.
      expect(() => openProfile(home, SERVER, 'kevin', { vault })).toThrow('removed or replaced');
    }
  });

  it('stay encrypted with the vault if another program uses one of them, or starts to meanwhile', async () => {
    plainProfile(folder, 'kevin', true);
    plainProfile(folder, 'hans', true);
    const vault = await made();
    await encryptProfiles(folder, vault, undefined, QUIETLY);
    const inUse = openProfile(folder, SERVER, 'hans', { vault });
    await expect(decryptProfiles(folder, vault, undefined, () => undefined, QUIETLY)).rejects.toThrow('already open');
    inUse.close();
    expect(readable(folder, ...SECRETS)).toEqual([]);
    const begun = () => openProfile(folder, SERVER, 'new', { vault }).close();
    await expect(decryptProfiles(folder, vault, undefined, begun, QUIETLY)).rejects.toThrow('Another program');
    const again = await openVault(folder, PASSPHRASE);
    if (again === undefined) throw new Error('the vault is gone');
    await encryptProfiles(folder, again, undefined, QUIETLY);
    expect(readable(folder, ...SECRETS)).toEqual([]);
    for (const name of ['kevin', 'hans']) expect(contentOf(folder, name, again)).toEqual(contentOfPlain(name));
  });

  it('let other work run while they are encrypted, report progress, and can be stopped', async () => {
    plainProfile(folder, 'kevin');
    const { ports, close } = openProfile(folder, SERVER, 'kevin');
    for (let n = 0; n < 20; n++) {
      ports.history.commit(
        Array.from({ length: 500 }, (_, k) => message(1_000 + n * 500 + k)),
        [],
      );
    }
    close();
    const vault = await made();
    const stop = new AbortController();
    const parts: number[] = [];
    let turns = 0;
    const turning = setInterval(() => turns++, 1);
    onTestFinished(() => clearInterval(turning));
    const onProgress = (part: number) => {
      parts.push(part);
      if (parts.length === 3) stop.abort();
    };
    await encryptProfiles(folder, vault, undefined, { onProgress, stop: stop.signal });
    expect(parts).toHaveLength(3);
    expect(namesIn(folder).filter((name) => name.includes('rewriting'))).toEqual([]);
    expect(readable(folder, 'Geheimnisvoll')).toEqual(['Geheimnisvoll']);
    turns = 0;
    await encryptProfiles(folder, vault, undefined, { onProgress: (part) => parts.push(part) });
    expect(turns).toBeGreaterThan(3);
    expect(parts.slice(3)).toEqual(parts.slice(3).toSorted((one, other) => one - other));
    expect(readable(folder, 'Geheimnisvoll')).toEqual([]);
    const sealed = openProfile(folder, SERVER, 'kevin', { vault });
    expect(sealed.ports.history.search({ text: 'heimnisvoll 10999', limit: 5 }).messages).toHaveLength(1);
    expect(sealed.ports.history.page('@hans', undefined, 20_000)).toHaveLength(10_003);
    sealed.close();
  });

  // Every step takes two minutes: npm test takes samples.
  const stride = SUITE === 'all' ? 1 : 9;
  it.each([
    ['set', 'kill'],
    ['remove', 'kill'],
    ['set', 'full'],
    ['remove', 'full'],
  ])('lose no data at any step: %s, %s', { timeout: 240_000 }, async (work, fault) => {
    const bundle = await bundleProgram(new URL('../../support/vault-child.ts', import.meta.url));
    onTestFinished(() => bundle.remove());
    const start = join(folder, 'start');
    plainProfile(start, 'kevin', true);
    const last = { server: SERVER, username: 'kevin' };
    const drafts = { 'kevin@127.0.0.1:1': { '@hans': 'Halbfertig' } };
    const state = { version: 1, preferences: PREFERENCES, accounts: [last], server: SERVER, drafts };
    writeFileSync(join(start, 'app.json'), JSON.stringify(state));
    const before = everythingOf(start, 'kevin');
    const words = [...SECRETS, 'Halbfertig'];
    if (work === 'remove') {
      const child = spawn(process.execPath, [bundle.file, 'set', start, PASSPHRASE, '-1'], { stdio: 'inherit' });
      expect(await once(child, 'exit')).toEqual([0, null]);
      expect(readable(start, ...words)).toEqual([]);
    }
    const ends = { withVault: 0, without: 0, done: false };
    for (let step = 0; !ends.done; step += stride) {
      const home = join(folder, String(step));
      cpSync(start, home, { recursive: true });
      const child = spawn(process.execPath, [bundle.file, work, home, PASSPHRASE, String(step), fault], {
        stdio: 'inherit',
      });
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
      const stopped = fault === 'kill' ? [null, 'SIGKILL'] : [2, null];
      expect([code, signal], `step ${step}`).toEqual(code === 0 ? [0, null] : stopped);
      ends.done = code === 0;
      if (!hasVault(home)) {
        ends.without++;
        expect(everythingOf(home, 'kevin'), `step ${step}`).toEqual(before);
        expect(new StateFile(join(home, 'app.json')).state, `step ${step}`).toEqual(state);
        continue;
      }
      ends.withVault++;
      const vault = await openVault(home, PASSPHRASE);
      if (vault === undefined) throw new Error('the passphrase does not open it');
      const stateFile = new StateFile(join(home, 'app.json'), () => vault.cipherOf(''));
      stateFile.encrypt();
      await encryptProfiles(home, vault, undefined, QUIETLY);
      expect(readable(home, ...words), `step ${step}`).toEqual([]);
      expect(everythingOf(home, 'kevin', vault), `step ${step}`).toEqual(before);
      expect(stateFile.state, `step ${step}`).toEqual(state);
      rmSync(home, { recursive: true });
    }
    // The steps include some before and some after the removal of the vault.
    expect(Math.min(ends.without, ends.withVault), JSON.stringify(ends)).toBeGreaterThan(0);
    expect(ends.withVault).toBeGreaterThan(SUITE === 'all' ? (fault === 'kill' ? 20 : 4) : 0);
  });
});

const PREFERENCES = { theme: 'system', textSize: 'normal', notifications: true, detailsOpen: true };
