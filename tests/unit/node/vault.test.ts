import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openProfile, sealProfiles } from '../../../src/node/profile.ts';
import { ProfileError } from '../../../src/node/profile-error.ts';
import { type Seal, sealedHistoryKey, SealedSecrets } from '../../../src/node/sealed-profile.ts';
import { hasVault, LockedError, makeVault, openVault, type Vault } from '../../../src/node/vault/vault.ts';
import { bundleProgram } from '../../support/client-bundle.ts';

const PASSPHRASE = 'correct horse battery';
const SERVER = { host: '127.0.0.1', port: 1 };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aside-vault-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const made = async (): Promise<Vault> => {
  const vault = await makeVault(folder, PASSPHRASE);
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

/** A profile from before there was a passphrase. */
function plainProfile(home: string, username: string): void {
  const { ports, close } = openProfile(home, SERVER, username);
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

const contentOfPlain = (username: string) => ({
  texts: ['Geheimnisvoll 1', 'Geheimnisvoll 2', 'Geheimnisvoll 3'],
  token: `token of ${username}`,
});

/** Which of these stand readable in any file below a folder. */
function readable(home: string, ...words: string[]): string[] {
  const bytes = readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  return words.filter((word) => bytes.some((one) => one.includes(word)));
}

describe('the vault of a data folder (G1, G8)', () => {
  it('opens with its passphrase and no other, however its characters are composed', async () => {
    await makeVault(folder, 'Grüße an Käthe');
    expect(await openVault(folder, 'Gru\u0308ße an Ka\u0308the')).toBeDefined();
    expect(await openVault(folder, 'Grüße an Kathe')).toBeUndefined();
    expect(await openVault(folder, '')).toBeUndefined();
  });

  it('lies in a file for its owner, with how strong it is and not with what it protects', async () => {
    const vault = await made();
    const file = join(folder, 'vault.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const content = JSON.parse(readFileSync(file, 'utf8')) as { derivation: object };
    expect(content.derivation).toMatchObject({ name: 'argon2id', memoryKiB: 65_536, passes: 3, lanes: 4 });
    expect(readFileSync(file, 'utf8')).not.toContain(Reflect.get(vault, 'key').toString('base64'));
    expect(readdirSync(folder)).toEqual(['vault.json']);
  });

  it('takes the strength from the file, within bounds', async () => {
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

  it('is made once: what the first one has sealed stays readable', async () => {
    const [one, other] = await Promise.all([makeVault(folder, PASSPHRASE), makeVault(folder, 'another horse')]);
    expect([one, other].filter((vault) => vault === undefined)).toHaveLength(1);
    expect(await openVault(folder, one === undefined ? 'another horse' : PASSPHRASE)).toBeDefined();
    expect(readdirSync(folder)).toEqual(['vault.json']);
  });

  it('seals for one purpose and one profile, and notices every change', async () => {
    const vault = await made();
    const seal = vault.sealOf('server/kevin');
    const sealed = seal.seal('token', 'secret');
    expect(seal.open('token', sealed)).toBe('secret');
    expect(seal.open('history-key', sealed)).toBeUndefined();
    expect(vault.sealOf('server/hans').open('token', sealed)).toBeUndefined();
    const bytes = Buffer.from(sealed, 'base64');
    for (let place = 0; place < bytes.length; place++) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 1;
      expect(seal.open('token', changed.toString('base64'))).toBeUndefined();
      expect(seal.open('token', bytes.subarray(0, place).toString('base64'))).toBeUndefined();
    }
    expect(seal.seal('token', 'secret')).not.toBe(sealed);
  });

  it('gets another passphrase without sealing anything anew', async () => {
    const vault = await made();
    const sealed = vault.sealOf('p').seal('token', 'secret');
    await vault.changePassphrase(folder, 'another horse');
    expect(await openVault(folder, PASSPHRASE)).toBeUndefined();
    const again = await openVault(folder, 'another horse');
    expect(again?.sealOf('p').open('token', sealed)).toBe('secret');
  });
});

describe('profiles of a data folder with a vault (G1, G8)', () => {
  it('are refused without it, in a sentence that says what it is', async () => {
    plainProfile(folder, 'kevin');
    await made();
    expect(() => openProfile(folder, SERVER, 'kevin')).toThrow(LockedError);
    expect(() => openProfile(folder, SERVER, 'new')).toThrow('locked with a passphrase');
  });

  it('keep token and history sealed from the start', async () => {
    const vault = await made();
    const { ports, folder: profile, close } = openProfile(folder, SERVER, 'kevin', { vault });
    ports.history.commit([message(1), message(2), message(3)], []);
    ports.secrets.writeToken('token of kevin');
    expect(readable(folder, 'Geheimnisvoll', 'token of')).toEqual([]);
    close();
    const sealed = readdirSync(profile).filter((name) => name.endsWith('.vault'));
    expect(sealed.toSorted()).toEqual(['history-key.vault', 'token.vault']);
    for (const name of sealed) expect(statSync(join(profile, name)).mode & 0o777).toBe(0o600);
    const again = await openVault(folder, PASSPHRASE);
    expect(contentOf(folder, 'kevin', again)).toEqual(contentOfPlain('kevin'));
  });

  it('are all sealed with the first passphrase, also those that nobody uses just now', async () => {
    plainProfile(folder, 'kevin');
    plainProfile(folder, 'hans');
    mkdirSync(join(folder, 'window', 'Cache'), { recursive: true });
    expect(readable(folder, 'Geheimnisvoll', 'token of')).toEqual(['Geheimnisvoll', 'token of']);
    const vault = await made();
    sealProfiles(folder, vault, undefined);
    expect(readable(folder, 'Geheimnisvoll', 'token of')).toEqual([]);
    for (const name of ['kevin', 'hans']) expect(contentOf(folder, name, vault)).toEqual(contentOfPlain(name));
  });

  it('are left as they are while another client has them open, and sealed at the next opening', async () => {
    plainProfile(folder, 'kevin');
    const open = openProfile(folder, SERVER, 'kevin');
    const vault = await made();
    sealProfiles(folder, vault, undefined);
    expect(open.ports.history.page('@hans', undefined, 10)).toHaveLength(3);
    open.close();
    expect(contentOf(folder, 'kevin', vault)).toEqual(contentOfPlain('kevin'));
    expect(readable(folder, 'Geheimnisvoll', 'token of')).toEqual([]);
  });

  it('take over a history that the secret store of the system has protected, where that opens', async () => {
    const system: Seal = {
      ending: 'sealed',
      seal: (_purpose, text) => Buffer.from(text).toString('base64'),
      open: (_purpose, sealed) => Buffer.from(sealed, 'base64').toString(),
    };
    const encryptionKey = (profile: string) => sealedHistoryKey(profile, system);
    const before = openProfile(folder, SERVER, 'kevin', { encryptionKey });
    before.ports.history.commit([message(1)], []);
    before.close();
    const vault = await made();
    // Its store is out of reach now: another key would lock the history for good.
    expect(() => openProfile(folder, SERVER, 'kevin', { vault })).toThrow('secret store');
    expect(existsSync(join(before.folder, 'history-key.vault'))).toBe(false);
    openProfile(folder, SERVER, 'kevin', { encryptionKey, vault }).close();
    expect(contentOf(folder, 'kevin', vault).texts).toEqual(['Geheimnisvoll 1']);
  });

  it('have no token where it does not open, so that the password is asked for', async () => {
    const vault = await made();
    const { folder: profile, close } = openProfile(folder, SERVER, 'kevin', { vault });
    close();
    writeFileSync(join(profile, 'token.vault'), 'AAAA');
    expect(new SealedSecrets(profile, vault.sealOf('x')).readToken()).toBeUndefined();
    writeFileSync(join(profile, 'history-key.vault'), 'AAAA');
    expect(() => openProfile(folder, SERVER, 'kevin', { vault })).toThrow('does not belong to this passphrase');
  });

  it('lose nothing where the app is killed at any step of setting a passphrase', async () => {
    const bundle = await bundleProgram(new URL('../../support/vault-child.ts', import.meta.url));
    onTestFinished(() => bundle.remove());
    const ends = { killedBefore: 0, killedAfter: 0, done: false };
    for (let step = 0; !ends.done; step++) {
      const home = join(folder, String(step));
      plainProfile(home, 'kevin');
      const last = { server: SERVER, username: 'kevin' };
      const state = { version: 1, preferences: PREFERENCES, accounts: [last], server: SERVER, drafts: {} };
      writeFileSync(join(home, 'app.json'), JSON.stringify(state));
      const child = spawn(process.execPath, [bundle.file, home, PASSPHRASE, String(step)], { stdio: 'inherit' });
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
      expect([code, signal], `step ${step}`).toEqual(code === null ? [null, 'SIGKILL'] : [0, null]);
      ends.done = code === 0;
      if (!hasVault(home)) {
        ends.killedBefore++;
        expect(contentOf(home, 'kevin')).toEqual(contentOfPlain('kevin'));
        continue;
      }
      ends.killedAfter++;
      const vault = await openVault(home, PASSPHRASE);
      if (vault === undefined) throw new Error('the passphrase does not open it');
      sealProfiles(home, vault, undefined);
      expect(readable(home, 'Geheimnisvoll', 'token of'), `step ${step}`).toEqual([]);
      expect(contentOf(home, 'kevin', vault)).toEqual(contentOfPlain('kevin'));
      rmSync(home, { recursive: true });
    }
    // The chosen steps are before and after the one that matters.
    expect(ends.killedBefore).toBeGreaterThanOrEqual(4);
    expect(ends.killedAfter).toBeGreaterThan(10);
  }, 240_000);
});

const PREFERENCES = { theme: 'system', textSize: 'normal', notifications: true, detailsOpen: true };
