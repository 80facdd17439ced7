import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppHost } from '../../../src/host/app-host.ts';
import { runHostCommand } from '../../../src/host/host-commands.ts';
import type { AppShell } from '../../../src/host/app-shell.ts';
import { makePrivateFolder } from '../../../src/node/private-files.ts';
import { openProfile } from '../../../src/node/profile.ts';
import { openVault } from '../../../src/node/vault/vault.ts';
import { DEFAULT_PREFERENCES, type HostCommandName, type HostEvent } from '../../../src/shared/client-api/host.ts';
import { SILENT_SHELL } from '../../support/silent-shell.ts';
import { CHEAP_KEY } from '../../support/cheap-key.ts';

const NOWHERE = { host: '127.0.0.1', port: 1, plaintext: true };
const KEVIN = { server: NOWHERE, username: 'kevin' };
const PASSPHRASE = 'correct horse';
const DONE = { ok: true, result: {} };
const refused = (reason: string) => ({ ok: false, failure: expect.objectContaining({ reason }) });

let dataFolder: string;
let host: AppHost;
let events: HostEvent[];
const start = (shell: AppShell = SILENT_SHELL) => {
  host = new AppHost({ dataFolder, version: '1', shell, keyCost: CHEAP_KEY });
  events = [];
  host.subscribe((told) => {
    if ('hostEvent' in told) events.push(told.hostEvent);
  });
};
const ask = (name: HostCommandName, params: object) => runHostCommand(host, name, params);
/** Emitted host events, without those of drafts. */
const names = () => events.map(({ name }) => name).filter((name) => name !== 'host.draftChanged');

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'aside-passphrase-'));
  makePrivateFolder(dataFolder);
  start();
  host.stateFile.remember(KEVIN);
  host.openAccount(KEVIN);
  events = [];
});
afterEach(() => {
  host.close();
  rmSync(dataFolder, { recursive: true });
});

/** A history of this many messages with distinct texts. */
function fill(count: number): void {
  host.closeAccount();
  const { ports, close } = openProfile(dataFolder, NOWHERE, 'kevin');
  for (let n = 0; n < count; n += 500) {
    const messages = Array.from({ length: 500 }, (_, k) => ({
      id: `018c3f5e-0000-7000-8000-${String(n + k).padStart(12, '0')}`,
      conversation: '@hans',
      from: 'hans',
      to: 'kevin',
      text: `Geheim ${n + k}`,
      at: 1 + n + k,
    }));
    ports.history.commit(messages, []);
  }
  close();
  host.openAccount(KEVIN);
  events = [];
}

function readable(word: string): boolean {
  return readdirSync(dataFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .some((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(word));
}

describe('Locking (G1, G8)', () => {
  it('forgets the key and hides all data; unlocking restores the account and its drafts', async () => {
    expect(await ask('host.lock', {})).toEqual(refused('invalid-command'));
    expect(names()).toEqual([]);
    await ask('host.setPassphrase', { passphrase: PASSPHRASE });
    await ask('host.writeDraft', { conversation: '@hans', text: 'Halbfertig' });
    await ask('host.writeDraft', { conversation: '@hans', text: 'Unter uns', isPrivate: true });
    events = [];
    const locking = ask('host.lock', {});
    expect(names()).toEqual(['host.locking']);
    // A window hands over its drafts.
    expect(await ask('host.writeDraft', { conversation: '@bob', text: 'Im letzten Augenblick' })).toEqual(DONE);
    expect(await locking).toEqual(DONE);
    expect(names()).toEqual(['host.locking', 'host.replaced']);
    const { view, hostState } = host.read();
    expect(hostState).toMatchObject({ lock: 'locked', dataFolder, accounts: [], drafts: {}, privateDrafts: {} });
    expect(hostState).not.toHaveProperty('server');
    expect(view).toMatchObject({ connection: { state: 'idle' }, conversations: [] });
    expect(view).not.toHaveProperty('username');
    expect(host.stateFile.state).toMatchObject({ accounts: [], drafts: {} });
    for (const word of ['Halbfertig', 'Unter uns', 'Augenblick', 'kevin"']) expect(readable(word), word).toBe(false);
    expect(await host.run('session.resume', {})).toEqual(refused('vault-locked'));
    expect(await ask('host.lock', {})).toEqual(refused('vault-locked'));
    expect(await ask('host.writePreferences', { ...DEFAULT_PREFERENCES, theme: 'dark' })).toEqual(DONE);

    expect(await ask('host.unlock', { passphrase: 'wrong horse' })).toEqual(refused('wrong-passphrase'));
    expect(await ask('host.unlock', { passphrase: PASSPHRASE })).toEqual(DONE);
    expect(host.read()).toMatchObject({
      view: { username: 'kevin' },
      hostState: {
        lock: 'passphrase',
        accounts: [KEVIN],
        drafts: { '@hans': 'Halbfertig', '@bob': 'Im letzten Augenblick' },
        privateDrafts: { '@hans': 'Unter uns' },
        preferences: { theme: 'dark' },
      },
    });
  });

  it('waits until every open window has handed over its drafts', async () => {
    await ask('host.setPassphrase', { passphrase: PASSPHRASE });
    const leave = [host.join(() => undefined), host.join(() => undefined), host.join(() => undefined)];
    leave[2]?.();
    let isLocked = false;
    const locking = ask('host.lock', {}).then(() => {
      isLocked = true;
    });
    expect(await ask('host.handedOver', {})).toEqual(DONE);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isLocked).toBe(false);
    expect(await ask('host.writeDraft', { conversation: '@bob', text: 'Im letzten Augenblick' })).toEqual(DONE);
    await ask('host.handedOver', {});
    await locking;
    for (const one of leave.slice(0, 2)) one();
    await ask('host.unlock', { passphrase: PASSPHRASE });
    expect(host.read().hostState.drafts).toEqual({ '@bob': 'Im letzten Augenblick' });
  });

  it('keeps drafts that the full disk refused until they can be saved encrypted', async () => {
    await ask('host.setPassphrase', { passphrase: PASSPHRASE });
    await ask('host.writeDraft', { conversation: '@hans', text: 'Halbfertig' });
    const full = vi.spyOn(host.stateFile, 'flush').mockImplementation(() => undefined);
    expect(await ask('host.lock', {})).toEqual(DONE);
    full.mockRestore();
    host.stateFile.flush();
    expect(await ask('host.writePreferences', { ...DEFAULT_PREFERENCES, theme: 'dark' })).toEqual(DONE);
    expect(readable('Halbfertig')).toBe(false);
    expect(await ask('host.unlock', { passphrase: PASSPHRASE })).toEqual(DONE);
    expect(host.read().hostState.drafts).toEqual({ '@hans': 'Halbfertig' });
    host.close();
    start();
    await ask('host.unlock', { passphrase: PASSPHRASE });
    expect(host.read().hostState.drafts).toEqual({ '@hans': 'Halbfertig' });
  });
});

describe('Removing the passphrase (G1, G8)', () => {
  it('needs the passphrase, and leaves all files as if there had never been one', async () => {
    fill(500);
    expect(await ask('host.removePassphrase', { current: PASSPHRASE })).toEqual(refused('invalid-command'));
    await ask('host.setPassphrase', { passphrase: PASSPHRASE });
    await ask('host.writeDraft', { conversation: '@hans', text: 'Halbfertig' });
    expect(await ask('host.removePassphrase', { current: 'wrong horse' })).toEqual(refused('wrong-passphrase'));
    expect(readable('Geheim')).toBe(false);
    expect(await ask('host.removePassphrase', { current: PASSPHRASE })).toEqual(DONE);
    expect(host.read()).toMatchObject({
      view: { username: 'kevin', conversations: [{ last: { text: 'Geheim 499' } }] },
      hostState: { lock: 'none', accounts: [KEVIN], drafts: { '@hans': 'Halbfertig' } },
    });
    expect(readable('Geheim')).toBe(true);
    expect(readdirSync(dataFolder, { recursive: true }).filter((name) => String(name).includes('vault'))).toEqual([]);
    host.close();
    start();
    expect(host.read()).toMatchObject({
      view: { username: 'kevin' },
      hostState: { lock: 'none', drafts: { '@hans': 'Halbfertig' } },
    });
  });

  it('fails while another program uses an account; all files stay encrypted, and the app unlocked', async () => {
    fill(500);
    await ask('host.setPassphrase', { passphrase: PASSPHRASE });
    const vault = await openVault(dataFolder, PASSPHRASE);
    const other = openProfile(dataFolder, NOWHERE, 'hans', { vault });
    const outcome = await ask('host.removePassphrase', { current: PASSPHRASE });
    other.close();
    expect(outcome).toEqual(refused('storage-here'));
    expect(outcome).toMatchObject({ failure: { message: expect.stringContaining('already open in another client') } });
    expect(host.read()).toMatchObject({ view: { username: 'kevin' }, hostState: { lock: 'passphrase' } });
    expect(readable('Geheim')).toBe(false);
  });
});

describe('Setting and removing a passphrase (F7, G7)', () => {
  it('keeps drafts of windows, and restores private drafts', async () => {
    const leave = host.join((told) => {
      if (!('hostEvent' in told) || told.hostEvent.name !== 'host.locking') return;
      // A window hands over its drafts.
      void ask('host.writeDraft', { conversation: '@bob', text: `Im Augenblick ${names().length}` });
      void ask('host.writeDraft', { conversation: '@eve', text: `Unter uns ${names().length}`, isPrivate: true });
      void ask('host.handedOver', {});
    });
    await ask('host.writeDraft', { conversation: '@hans', text: 'Unter uns', isPrivate: true });
    const drafts = (n: number) => ({
      drafts: { '@bob': `Im Augenblick ${n}` },
      privateDrafts: { '@hans': 'Unter uns', '@eve': `Unter uns ${n}` },
    });
    expect(await ask('host.setPassphrase', { passphrase: PASSPHRASE })).toEqual(DONE);
    expect(names()).toEqual(['host.locking', 'host.replaced']);
    expect(host.read().hostState).toMatchObject({ lock: 'passphrase', ...drafts(1) });
    // A new passphrase replaces the vault's file only.
    expect(await ask('host.setPassphrase', { passphrase: 'another horse', current: PASSPHRASE })).toEqual(DONE);
    expect(names()).toHaveLength(2);

    expect(await ask('host.removePassphrase', { current: 'another horse' })).toEqual(DONE);
    expect(names()).toEqual(['host.locking', 'host.replaced', 'host.locking', 'host.replaced']);
    expect(host.read().hostState).toMatchObject({ lock: 'none', ...drafts(3) });
    expect(readable('Unter uns')).toBe(false);
    leave();
  });

  it('leaves the app locked if it is locked in between', async () => {
    const leave = host.join(() => undefined);
    await ask('host.writeDraft', { conversation: '@hans', text: 'Unter uns', isPrivate: true });
    const setting = ask('host.setPassphrase', { passphrase: PASSPHRASE });
    await vi.waitFor(() => expect(names()).toEqual(['host.locking']), { timeout: 5_000 });
    const locking = ask('host.lock', {});
    await ask('host.handedOver', {});
    expect(await locking).toEqual(DONE);
    expect(await setting).toEqual(DONE);
    expect(host.read().hostState).toMatchObject({ lock: 'locked', privateDrafts: {} });
    expect(host.account).toBeUndefined();
    expect(await ask('host.unlock', { passphrase: PASSPHRASE })).toEqual(DONE);
    expect(host.read().hostState).toMatchObject({ lock: 'passphrase', privateDrafts: { '@hans': 'Unter uns' } });
    leave();
  });
});

describe('Account that another program has open (G8)', () => {
  const HANS = { server: { host: '127.0.0.1', port: 1 }, username: 'hans' };

  it('is reported as unencrypted until the first unlock after that program has ended', async () => {
    const other = openProfile(dataFolder, NOWHERE, 'Hans');
    other.ports.secrets.writeToken('hans his token');
    const left = { unencrypted: [HANS] };
    expect(await ask('host.setPassphrase', { passphrase: PASSPHRASE })).toEqual({ ok: true, result: left });
    expect(host.read()).toMatchObject({ view: { username: 'kevin' }, hostState: left });
    expect(await ask('host.lock', {})).toEqual(DONE);
    expect(host.read().hostState).not.toHaveProperty('unencrypted');
    expect(await ask('host.unlock', { passphrase: PASSPHRASE })).toEqual({ ok: true, result: left });
    expect(readable('hans his token')).toBe(true);

    other.close();
    await ask('host.lock', {});
    expect(await ask('host.unlock', { passphrase: PASSPHRASE })).toEqual(DONE);
    expect(host.read().hostState).not.toHaveProperty('unencrypted');
    expect(readable('hans his token')).toBe(false);
  });

  it('is not reported if that program has unlocked the vault as well', async () => {
    openProfile(dataFolder, NOWHERE, 'hans').close();
    expect(await ask('host.setPassphrase', { passphrase: PASSPHRASE })).toEqual(DONE);
    const other = openProfile(dataFolder, NOWHERE, 'hans', { vault: await openVault(dataFolder, PASSPHRASE) });
    await ask('host.lock', {});
    expect(await ask('host.unlock', { passphrase: PASSPHRASE })).toEqual(DONE);
    other.close();
  });
});

describe('Encrypting a long history (G8)', () => {
  it('reports progress, refuses other commands meanwhile, and can be stopped at any time', async () => {
    fill(40_000);
    const setting = ask('host.setPassphrase', { passphrase: PASSPHRASE });
    await vi.waitFor(() => expect(names()).toContain('host.protecting'), { timeout: 20_000, interval: 5 });
    expect(host.read().hostState.protecting).toMatchObject({ kind: 'encrypting' });
    expect(await host.run('outbox.list', {})).toEqual(refused('vault-busy'));
    expect(await ask('host.setPassphrase', { passphrase: 'x'.repeat(9) })).toEqual(refused('vault-busy'));
    expect(await ask('host.lock', {})).toEqual(refused('vault-busy'));
    host.close();
    await setting;
    expect(readable('Geheim 77')).toBe(true);

    start();
    expect(await ask('host.unlock', { passphrase: PASSPHRASE })).toEqual(DONE);
    expect(readable('Geheim 77')).toBe(false);
    const parts = events.flatMap((event) => (event.name === 'host.protecting' ? event.protecting.part : []));
    expect(parts.length).toBeGreaterThan(2);
    expect(parts).toEqual([...new Set(parts)].toSorted((one, other) => one - other));
    expect(names().at(-1)).toBe('host.replaced');
    expect(host.read().hostState).not.toHaveProperty('protecting');
    expect(await host.run('history.search', { text: 'Geheim 39999', limit: 5 })).toMatchObject({
      ok: true,
      result: { messages: [{ text: 'Geheim 39999' }] },
    });
  });
});
