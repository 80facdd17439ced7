import fs, { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { AppHost } from '../../../src/host/app-host.ts';
import { runHostCommand } from '../../../src/host/host-commands.ts';
import { makeVault } from '../../../src/node/vault/vault.ts';
import type { HostCommandName } from '../../../src/shared/client-api/host.ts';
import { SILENT_SHELL } from '../../support/silent-shell.ts';
import { CHEAP_KEY } from '../../support/cheap-key.ts';

const KEVIN = { server: { host: '127.0.0.1', port: 1, plaintext: true }, username: 'kevin' };
const PASSPHRASE = 'correct horse';
const DONE = { ok: true, result: {} };

let dataFolder: string;
let vaultFile: string;
let host: AppHost;
const start = () => {
  host = new AppHost({ dataFolder, version: '1', shell: SILENT_SHELL, keyCost: CHEAP_KEY });
};
const ask = (name: HostCommandName, params: object) => runHostCommand(host, name, params);
const readable = (word: string) =>
  readdirSync(dataFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .some((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(word));

beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'aside-vault-here-'));
  vaultFile = join(dataFolder, 'vault.json');
  start();
  host.stateFile.remember(KEVIN);
  host.openAccount(KEVIN);
  await ask('host.setPassphrase', { passphrase: PASSPHRASE });
});
afterEach(() => {
  host.close();
  rmSync(dataFolder, { recursive: true });
});

/** Makes file operations on `vault.json` fail with this code, until the returned function is called. */
function refusing(code: string): () => void {
  const { readFileSync: original } = fs;
  const refused = vi.spyOn(fs, 'readFileSync').mockImplementation((...args) => {
    if (args[0] === vaultFile) throw Object.assign(new Error(`${code}: refused, open`), { code });
    return original(...args);
  });
  const end = () => {
    refused.mockRestore();
    syncBuiltinESMExports();
  };
  syncBuiltinESMExports();
  onTestFinished(end);
  return end;
}

describe('Vault whose file cannot be read for a moment (G8)', () => {
  const moments: readonly [string, () => () => void][] = [
    ['too many files are open', () => refusing('EMFILE')],
    ['the disk does not answer', () => refusing('EIO')],
    [
      'it has another name',
      () => {
        renameSync(vaultFile, `${vaultFile}.away`);
        return () => renameSync(`${vaultFile}.away`, vaultFile);
      },
    ],
    [
      'it is damaged',
      () => {
        const before = readFileSync(vaultFile);
        writeFileSync(vaultFile, '{');
        return () => writeFileSync(vaultFile, before);
      },
    ],
  ];
  it.each(moments)('keeps encrypting, then and later: %s', async (_name, begin) => {
    const end = begin();
    await ask('host.writeDraft', { conversation: '@hans', text: 'Halbfertig' });
    host.stateFile.flush();
    expect(host.read().hostState.lock).toBe('passphrase');
    end();
    await ask('host.writeDraft', { conversation: '@bob', text: 'Danach' });
    host.stateFile.flush();
    expect(host.read().hostState.lock).toBe('passphrase');
    for (const word of ['Halbfertig', 'Danach', 'kevin"']) expect(readable(word), word).toBe(false);

    host.close();
    start();
    expect(await ask('host.unlock', { passphrase: PASSPHRASE })).toEqual(DONE);
    expect(host.read().hostState.drafts).toEqual({ '@hans': 'Halbfertig', '@bob': 'Danach' });
  });

  it('stays locked and writes no plain file if it was locked before', async () => {
    await ask('host.writeDraft', { conversation: '@hans', text: 'Halbfertig' });
    await ask('host.lock', {});
    renameSync(vaultFile, `${vaultFile}.away`);
    expect(await ask('host.chooseServer', KEVIN.server)).toMatchObject({ failure: { reason: 'vault-locked' } });
    expect(await ask('host.unlock', { passphrase: PASSPHRASE })).toMatchObject({
      failure: { message: expect.stringMatching(/^The file that the passphrase opens is missing: /) },
    });
    host.close();
    start();
    expect(host.read().hostState.lock).toBe('locked');
    renameSync(`${vaultFile}.away`, vaultFile);
    expect(await ask('host.unlock', { passphrase: PASSPHRASE })).toEqual(DONE);
    expect(host.read().hostState.drafts).toEqual({ '@hans': 'Halbfertig' });
  });

  it('refuses to open an account meanwhile, and reports why', async () => {
    const end = refusing('EMFILE');
    expect(host.openAccount(KEVIN)).toMatchObject({
      failure: { message: expect.stringMatching(/^The file that the passphrase opens cannot be read just now: /) },
    });
    end();
    expect(host.openAccount(KEVIN)).toEqual(DONE);
  });
});

describe('Vault that another program has removed or replaced (G8)', () => {
  it('is locked if there is another vault', async () => {
    host.closeAccount();
    rmSync(vaultFile);
    await makeVault(dataFolder, 'another horse', CHEAP_KEY);
    await ask('host.writePreferences', host.stateFile.state.preferences);
    expect(host.read().hostState).toMatchObject({ lock: 'locked', accounts: [], drafts: {} });
    expect(readable('kevin"')).toBe(false);
  });

  it('is forgotten if there is no vault and no encrypted file', async () => {
    host.closeAccount();
    const other = new AppHost({ dataFolder, version: '1', shell: SILENT_SHELL, keyCost: CHEAP_KEY });
    await runHostCommand(other, 'host.unlock', { passphrase: PASSPHRASE });
    expect(await runHostCommand(other, 'host.removePassphrase', { current: PASSPHRASE })).toEqual(DONE);
    other.close();
    expect(await ask('host.chooseAccount', KEVIN)).toEqual(DONE);
    expect(host.read().hostState.lock).toBe('none');
  });
});

describe('Refresh of the vault from the disk', () => {
  it('runs for commands that depend on it, and not for each event', async () => {
    const { readFileSync: original } = fs;
    let looks = 0;
    const reading = vi.spyOn(fs, 'readFileSync').mockImplementation((...args) => {
      if (args[0] === vaultFile) looks++;
      return original(...args);
    });
    syncBuiltinESMExports();
    onTestFinished(() => {
      reading.mockRestore();
      syncBuiltinESMExports();
    });
    let events = 0;
    host.subscribe(() => {
      events++;
      expect(host.read().hostState.lock).toBe('passphrase');
    });
    for (let n = 0; n < 20; n++) await host.run('message.broadcast', { text: `${n}` });
    for (let n = 0; n < 20; n++) host.emit({ name: 'host.conversationChosen', conversation: '@hans' });
    for (let n = 0; n < 20; n++) await ask('host.setUnread', { count: n });
    expect(events).toBeGreaterThanOrEqual(20);
    expect(looks).toBe(0);
    host.openAccount(KEVIN);
    expect(looks).toBeGreaterThan(0);
  });
});
