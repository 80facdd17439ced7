import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readLastPort, rememberPort } from '../../../src/browser/last-port.ts';
import { StateFile } from '../../../src/host/account/state-file.ts';
import { readWindowState, writeWindowState } from '../../../src/main/window-state.ts';
import { openStoredDevice } from '../../../src/node/device-identity.ts';
import { storedText, plainFile, encryptedFile } from '../../../src/node/encrypted-file.ts';
import { AddressRulesFile } from '../../../src/node/peer/address-rules-file.ts';
import { IdentitiesFile } from '../../../src/node/peer/identities-file.ts';
import { knownServers, PinsFile } from '../../../src/node/pins-file.ts';
import { makeVault, openVault, type Vault } from '../../../src/node/vault/vault.ts';
import { DEFAULT_PREFERENCES } from '../../../src/shared/client-api/host.ts';
import { copyOfDataFolder } from '../../support/data-folder-fixture.ts';
import { CHEAP_KEY } from '../../support/cheap-key.ts';
import { filesIn } from '../../support/files-in.ts';
import { makeIdentity } from '../../support/peer-introducer.ts';

vi.mock('electron', () => ({
  screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1_920, height: 1_080 } }] },
}));

type Json = Record<string, unknown>;

const SERVER = { host: '127.0.0.1', port: 12_000 };
const KEVIN = { server: SERVER, username: 'kevin' };
const PIN = { fingerprint: 'AB:CD', certificate: 'MIIB' };
const IDENTITY_KEY = makeIdentity().identityKey;
const PASSPHRASE = 'correct horse battery';
/** Members that only a later version knows. */
const LATER = { ofLaterVersion: { deep: [1, 'two'] } };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aside-stored-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A stored JSON file: content with an unknown member at each level and without each member that has a default. */
interface StoredFile {
  readonly name: string;
  readonly stored: Json;
  /** Opens the file, expects the defaults, and rewrites the file. */
  readonly rewrite: (file: string) => Promise<void> | void;
  /** The file after that. */
  readonly rewritten: Json;
}

const FILES: readonly StoredFile[] = [
  {
    name: 'app.json',
    stored: {
      ...LATER,
      accounts: [{ ...LATER, username: 'kevin', server: { ...LATER, host: '127.0.0.1' } }],
      server: { ...LATER, host: '127.0.0.1' },
      preferences: { ...LATER, theme: 'dark', textSize: 'of a later version' },
    },
    rewrite: (file) => {
      const state = new StateFile(file);
      expect(state.drafts(KEVIN)).toEqual({});
      expect(state.state.preferences).toMatchObject({ ...DEFAULT_PREFERENCES, theme: 'dark' });
      state.remember({ ...KEVIN, username: 'Kevin' });
      state.writeServer(SERVER);
      state.writePreferences({ ...DEFAULT_PREFERENCES, notifications: false });
      state.writeDraft(KEVIN, '@bob', 'unfinished');
      expect(state.close()).toBe(true);
    },
    rewritten: {
      ...LATER,
      version: 1,
      accounts: [{ ...LATER, username: 'Kevin', server: { ...LATER, ...SERVER } }],
      server: { ...LATER, ...SERVER },
      drafts: { 'kevin@127.0.0.1:12000': { '@bob': 'unfinished' } },
      preferences: { ...LATER, ...DEFAULT_PREFERENCES, notifications: false },
    },
  },
  {
    name: 'known-servers.json',
    stored: { ...LATER, 'a.example:1': { ...LATER, ...PIN }, 'b.example:2': { fingerprint: 'AB' } },
    rewrite: (file) => {
      const pins = new PinsFile(knownServers(dirname(file), undefined));
      expect(pins.read({ host: 'a.example', port: 1 })).toEqual(PIN);
      // A pin without its certificate is unreadable, not unknown: the server must not be trusted as a new one.
      expect(pins.read({ host: 'b.example', port: 2 })).toEqual({ fingerprint: 'AB', certificate: '' });
      pins.write({ host: 'a.example', port: 1 }, { ...PIN, fingerprint: 'EF' });
    },
    rewritten: {
      ...LATER,
      'a.example:1': { ...LATER, ...PIN, fingerprint: 'EF', replacedId: '' },
      'b.example:2': { fingerprint: 'AB', certificate: '' },
    },
  },
  {
    name: 'identities.json',
    stored: { bob: { ...LATER, identityKey: IDENTITY_KEY } },
    rewrite: (file) => {
      const store = new IdentitiesFile(plainFile(file));
      const record = { identityKey: IDENTITY_KEY, verified: false, since: 0 };
      expect(store.get('bob')).toEqual(record);
      store.put('bob', { ...record, verified: true });
    },
    rewritten: { bob: { ...LATER, identityKey: IDENTITY_KEY, verified: true, since: 0 } },
  },
  {
    name: 'address-rules.json',
    stored: { ...LATER, people: { bob: true } },
    rewrite: (file) => {
      const rules = new AddressRulesFile(plainFile(file));
      expect(rules.read()).toEqual({ reveal: false, people: { bob: true } });
      rules.write({ reveal: true, people: {} });
    },
    rewritten: { ...LATER, reveal: true, people: {} },
  },
  {
    name: 'window.json',
    stored: { ...LATER, width: 800, height: 600 },
    rewrite: (file) => {
      expect(readWindowState(file)).toEqual({ width: 800, height: 600, maximized: false });
      const bounds = { x: 10, y: 20, width: 700, height: 500 };
      writeWindowState(file, { getNormalBounds: () => bounds } as Parameters<typeof writeWindowState>[1], true);
    },
    rewritten: { ...LATER, x: 10, y: 20, width: 700, height: 500, maximized: true },
  },
  {
    name: 'browser.json',
    stored: { ...LATER },
    rewrite: (file) => {
      expect(readLastPort(dirname(file))).toBe(0);
      rememberPort(dirname(file), 4_000);
    },
    rewritten: { ...LATER, port: 4_000 },
  },
];

/** Files with tests of their own: a key is written once, or is not copied to a rewrite. */
const OTHERS = ['identity.json', 'vault.json'];

function write(file: string, content: Json): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
}

function read(file: string): Json {
  return JSON.parse(readFileSync(file, 'utf8')) as Json;
}

describe('Stored files', () => {
  it.each(FILES)('replace missing members by defaults, and keep unknown members at a rewrite: $name', async (row) => {
    const file = join(folder, row.name);
    write(file, row.stored);
    await row.rewrite(file);
    expect(read(file)).toEqual(row.rewritten);
  });

  it('stay unchanged with unknown members and without the computer name: identity.json', () => {
    const file = join(folder, 'identity.json');
    const { device, privateKey } = openStoredDevice(plainFile(file));
    const { name: _missing, ...known } = device;
    write(file, { ...LATER, device: { ...LATER, ...known }, privateKey });
    const before = readFileSync(file, 'utf8');
    expect(openStoredDevice(plainFile(file))).toMatchObject({ device, privateKey });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('open without version and id, and keep unknown members at a new passphrase: vault.json', async () => {
    const file = join(folder, 'vault.json');
    await makeVault(folder, PASSPHRASE, CHEAP_KEY);
    const { derivation, wrapped } = read(file) as { derivation: Json; wrapped: string };
    write(file, { ...LATER, derivation: { ...LATER, ...derivation }, wrapped });
    const vault = await openVault(folder, PASSPHRASE);
    await vault?.changePassphrase(folder, 'another passphrase', CHEAP_KEY);
    expect(read(file)).toMatchObject({ ...LATER, version: 1, id: '' });
    expect(await openVault(folder, 'another passphrase')).toBeDefined();
  });

  it('are all listed in this test', () => {
    const data = ['client', 'client-passphrase'].map((part) => copyOfDataFolder(part as 'client'));
    onTestFinished(() => data.forEach((one) => rmSync(one, { recursive: true })));
    const stored = new Set(data.flatMap(filesIn).map((file) => basename(file)));
    const json = [...stored].filter((name) => name.endsWith('.json')).sort();
    expect(json).toEqual([...FILES.map(({ name }) => name), ...OTHERS].sort());
    // The rest has no members: encrypted forms of the above, a database with migrations, and one secret a file.
    const rest = [...stored].filter((name) => !name.endsWith('.json')).sort();
    expect(rest).toEqual([
      'address-rules.vault',
      'app.vault',
      'history-key.vault',
      'history.db',
      'identities.vault',
      'identity.vault',
      'known-servers.vault',
      'token',
      'token.vault',
    ]);
  });
});

describe('Encrypted files', () => {
  let vault: Vault;
  beforeEach(async () => {
    const made = await makeVault(folder, PASSPHRASE, CHEAP_KEY);
    if (made === undefined) throw new Error('no vault');
    vault = made;
  });
  const seal = () => vault.cipherOf('');

  it('keep unknown members of identities and address rules', () => {
    const store = () => new IdentitiesFile(storedText(join(folder, 'identities.json'), 'identities', seal()));
    const text = encryptedFile(join(folder, 'identities.json'), 'identities', seal());
    text.write(JSON.stringify({ bob: { ...LATER, identityKey: IDENTITY_KEY } }));
    store().put('bob', { identityKey: IDENTITY_KEY, verified: true, since: 5 });
    expect(JSON.parse(text.read() ?? '')).toEqual({
      bob: { ...LATER, identityKey: IDENTITY_KEY, verified: true, since: 5 },
    });
    const rules = encryptedFile(join(folder, 'address-rules.json'), 'address-rules', seal());
    rules.write(JSON.stringify({ ...LATER, reveal: true, people: {} }));
    new AddressRulesFile(rules).write({ reveal: false, people: {} });
    expect(JSON.parse(rules.read() ?? '')).toEqual({ ...LATER, reveal: false, people: {} });
  });

  it('keep unknown members of known servers, also those of a plain file next to the encrypted one', () => {
    const text = knownServers(folder, seal());
    text.write(JSON.stringify({ ...LATER, 'a.example:1': { ...LATER, ...PIN } }));
    write(join(folder, 'known-servers.json'), { readable: 1, 'b.example:2': PIN });
    new PinsFile(text).write({ host: 'c.example', port: 3 }, PIN);
    const all = { ...LATER, readable: 1, 'a.example:1': { ...LATER, ...PIN }, 'b.example:2': PIN, 'c.example:3': PIN };
    expect(JSON.parse(text.read() ?? '')).toEqual(all);
    expect(existsSync(join(folder, 'known-servers.json'))).toBe(false);
    text.decrypt();
    expect(read(join(folder, 'known-servers.json'))).toEqual(all);
  });

  it('contain unknown members of app.json after the first encryption; members added to the plain file later stay there', () => {
    const file = join(folder, 'app.json');
    write(file, { ...LATER, accounts: [{ ...LATER, ...KEVIN }] });
    const state = new StateFile(file, seal);
    state.encrypt();
    expect(readFileSync(file, 'utf8')).not.toContain('ofLaterVersion');
    write(file, { ...read(file), readable: 1 });
    state.reload();
    state.remember(KEVIN);
    expect(read(file)).toMatchObject({ readable: 1, accounts: [], drafts: {} });
    expect(read(file)).not.toHaveProperty('ofLaterVersion');
    expect(new StateFile(file, seal).state).toMatchObject({ ...LATER, accounts: [{ ...LATER, ...KEVIN }] });
    state.decrypt();
    expect(read(file)).toMatchObject({ ...LATER, readable: 1, accounts: [{ ...LATER, ...KEVIN }] });
  });
});
