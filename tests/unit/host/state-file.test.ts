import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { StateFile } from '../../../src/host/account/state-file.ts';
import { lockFile } from '../../../src/node/file-lock.ts';
import { DEFAULT_PREFERENCES } from '../../../src/shared/client-api/host.ts';
import { bundleProgram } from '../../support/client-bundle.ts';

const SERVER = { host: '127.0.0.1', port: 12_000 };
const KEVIN = { server: SERVER, username: 'kevin' };
const HANS = { server: SERVER, username: 'hans' };
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aside-state-'));
  file = join(folder, 'app.json');
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const onDisk = () => JSON.parse(readFileSync(file, 'utf8')) as { drafts: object; accounts: object[]; server: object };

describe('State file of two processes (G5)', () => {
  it('keeps the accounts of both', () => {
    const [one, other] = [new StateFile(file), new StateFile(file)];
    one.remember(KEVIN);
    other.remember(HANS);
    expect(onDisk().accounts).toEqual([HANS, KEVIN]);
    one.forget(KEVIN);
    expect(onDisk().accounts).toEqual([HANS]);
    expect(other.state.accounts).toEqual([HANS, KEVIN]);
    other.writeServer({ ...SERVER, port: 1 });
    expect(other.state.accounts).toEqual([HANS]);
  });

  it('keeps preferences that the other process has changed', () => {
    const [one, other] = [new StateFile(file), new StateFile(file)];
    one.writePreferences({ ...DEFAULT_PREFERENCES, theme: 'dark', quietUntil: 5 });
    other.writePreferences({ ...DEFAULT_PREFERENCES, textSize: 'large' });
    const both = { ...DEFAULT_PREFERENCES, theme: 'dark', quietUntil: 5, textSize: 'large' };
    expect(other.state.preferences).toEqual(both);
    expect(new StateFile(file).state.preferences).toEqual(both);
    const { quietUntil: _until, ...disturbed } = one.state.preferences;
    one.writePreferences(disturbed);
    const { quietUntil: _gone, ...expected } = both;
    expect(new StateFile(file).state.preferences).toEqual(expected);
  });

  it('keeps the drafts of both, and writes each draft once', () => {
    vi.useFakeTimers();
    const [one, other] = [new StateFile(file), new StateFile(file)];
    one.writeDraft(KEVIN, '@bob', 'from one');
    other.writeDraft(KEVIN, '@eve', 'from the other');
    other.writeDraft(HANS, '@bob', 'of another account');
    one.flush();
    vi.advanceTimersByTime(1_000);
    expect(Object.values(onDisk().drafts)).toEqual([
      { '@bob': 'from one', '@eve': 'from the other' },
      { '@bob': 'of another account' },
    ]);
    one.writeDraft(KEVIN, '@bob', '');
    one.flush();
    other.writePreferences({ ...DEFAULT_PREFERENCES, theme: 'dark' });
    expect(other.drafts(KEVIN)).toEqual({ '@eve': 'from the other' });
  });

  it('uses the state in memory if the file was damaged or removed meanwhile', () => {
    const one = new StateFile(file);
    one.remember(KEVIN);
    for (const damage of [() => writeFileSync(file, '{'), () => rmSync(file)]) {
      damage();
      one.writeServer({ ...SERVER, port: 2 });
      expect(onDisk()).toMatchObject({ accounts: [KEVIN], server: { port: 2 } });
    }
  });

  it('keeps the state unchanged if the disk fails', () => {
    const one = new StateFile(file);
    one.remember(KEVIN);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'in the way');
    expect(() => one.writePreferences({ ...DEFAULT_PREFERENCES, theme: 'dark' })).toThrow();
    expect(one.state.preferences.theme).toBe('system');
  });
});

describe('Processes that write one state file at the same time (G5)', () => {
  it('lose no write, also after a process was killed while writing', async () => {
    const bundle = await bundleProgram(new URL('../../support/state-writer-child.ts', import.meta.url));
    onTestFinished(() => bundle.remove());
    const run = async (name: string): Promise<unknown[]> =>
      await once(spawn(process.execPath, [bundle.file, file, name, '60'], { stdio: 'inherit' }), 'exit');
    expect(await run('killed')).toEqual([null, 'SIGKILL']);
    const names = ['a', 'b', 'c', 'd'];
    expect(await Promise.all(names.map(run))).toEqual(names.map(() => [0, null]));
    const { drafts } = new StateFile(file).state;
    const kept = names.map((name) => Object.keys(drafts[`${name}@127.0.0.1:12000`] ?? {}).length);
    expect(kept).toEqual(names.map(() => 60));
  });

  it('do not wait for a process that hangs', () => {
    const hanging = lockFile(`${file}.lock`);
    const began = performance.now();
    new StateFile(file).remember(KEVIN);
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(onDisk().accounts).toEqual([KEVIN]);
    hanging?.close();
  });
});
