import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openProfile } from '../../src/node/profile.ts';
import { encryptProfiles } from '../../src/node/protect-profiles.ts';
import { makeVault } from '../../src/node/vault/vault.ts';
import { type Bundle, bundleProgram } from '../support/client-bundle.ts';
import { PipedClient } from '../support/client-program.ts';
import { TerminalProgram } from '../support/client-terminal.ts';
import { contents } from '../support/private-users.ts';
import { type RunningServer, startServer } from '../support/server-process.ts';
import { CHEAP_KEY } from '../support/cheap-key.ts';

const PASSWORD = 'correct horse';
const PASSPHRASE = 'battery staple';
let server: RunningServer;
let program: Bundle;
let data: string;
let names = 0;
let name: string;
const programs: { kill(): void; readonly exited: Promise<unknown> }[] = [];
beforeAll(async () => {
  [server, program] = await Promise.all([
    startServer(),
    bundleProgram(new URL('../../src/terminal/index.ts', import.meta.url)),
  ]);
});
afterAll(async () => {
  await server.cleanUp();
  program.remove();
});
/** A data folder with a stored history, encrypted by the app with a passphrase. */
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'aside-locked-'));
  name = `kevin${++names}`;
  expect(await piped({ ASIDE_PASSWORD: PASSWORD }, '--register').end('broadcast Geheimnisvoll')).toBe(0);
  const vault = await makeVault(data, PASSPHRASE, CHEAP_KEY);
  if (vault === undefined) throw new Error('no vault was made');
  await encryptProfiles(data, vault, undefined, { onProgress: () => undefined });
  expect(contents(data)).not.toContain('Geheimnisvoll');
});
afterEach(async () => {
  for (const one of programs.splice(0)) {
    one.kill();
    await one.exited;
  }
  rmSync(data, { recursive: true, force: true });
});

const args = (more: readonly string[]) => ['127.0.0.1', String(server.port), '--data', data, '--user', name, ...more];

function piped(environment: Record<string, string>, ...more: string[]): PipedClient {
  const client = new PipedClient(program.file, args(more), environment);
  programs.push(client);
  return client;
}

describe('Terminal client in a locked data folder (G8, H1)', () => {
  it('asks for the passphrase until it is right, and finds stored messages', async () => {
    const terminal = new TerminalProgram(program.file, args([]), { ASIDE_PASSWORD: PASSWORD });
    programs.push(terminal);
    await terminal.shows(/locked with a passphrase\.[^]*Passphrase:$/);
    terminal.enter('wrong horse');
    await terminal.shows(/The passphrase is wrong\.[^]*Passphrase:$/);
    terminal.enter(PASSPHRASE);
    await terminal.shows(/Welcome[^]*\n>/);
    expect(terminal.raw).not.toContain(PASSPHRASE);
    terminal.enter('find Geheimnis');
    await terminal.shows(/Geheimnisvoll/);
  });

  it('names an account that another program keeps unencrypted', async () => {
    const vaultFile = join(data, 'vault.json');
    // As if it had been opened before there was a passphrase.
    renameSync(vaultFile, `${vaultFile}.aside`);
    const other = openProfile(data, { host: 'chat.example', port: 12_000 }, 'Hans');
    renameSync(`${vaultFile}.aside`, vaultFile);
    try {
      const terminal = new TerminalProgram(program.file, args([]), { ASIDE_PASSWORD: PASSWORD });
      programs.push(terminal);
      await terminal.shows(/Passphrase:$/);
      terminal.enter(PASSPHRASE);
      await terminal.shows(/Not encrypted yet: hans at chat\.example:12000\.[^]*Welcome/);
    } finally {
      other.close();
    }
  });

  it('reads the passphrase from the environment in a pipe, and encrypts stored data', async () => {
    const client = piped({ ASIDE_PASSWORD: PASSWORD, ASIDE_PASSPHRASE: PASSPHRASE });
    expect(await client.end('broadcast Geheimnisvoller', 'find Geheimnis')).toBe(0);
    expect(client.stdout).toContain('Geheimnisvoll');
    expect(contents(data)).not.toContain('Geheimnis');
  });

  it('encrypts the data of every account that a crash has left unencrypted (G8)', async () => {
    rmSync(data, { recursive: true });
    expect(await piped({ ASIDE_PASSWORD: PASSWORD }, '--register', '--user', `hans${names}`).end()).toBe(0);
    expect(await piped({ ASIDE_PASSWORD: PASSWORD }).end('broadcast Geheimnisvoll')).toBe(0);
    await makeVault(data, PASSPHRASE, CHEAP_KEY);
    expect(contents(data).match(/PRIVATE KEY-----\\n"/g)).toHaveLength(2);
    const client = piped({ ASIDE_PASSWORD: PASSWORD, ASIDE_PASSPHRASE: PASSPHRASE });
    expect(await client.end('find Geheimnis')).toBe(0);
    expect(client.stdout).toContain('Geheimnisvoll');
    for (const word of ['PRIVATE KEY', 'Geheimnis', 'BEGIN CERTIFICATE']) expect(contents(data)).not.toContain(word);
  });

  it('prints one sentence if the passphrase is missing or wrong in a pipe', async () => {
    const missing = piped({ ASIDE_PASSWORD: PASSWORD });
    expect(await missing.end()).toBe(2);
    expect(missing.stderr).toBe(
      'aside: a passphrase locks this data folder, and the input is not a terminal: set ASIDE_PASSPHRASE.\n',
    );
    const wrong = piped({ ASIDE_PASSWORD: PASSWORD, ASIDE_PASSPHRASE: 'wrong horse' });
    expect(await wrong.end()).toBe(1);
    expect(wrong.stderr).toBe('aside: the passphrase in ASIDE_PASSPHRASE does not open this data folder.\n');
  });
});
