import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppHost } from '../../../src/host/app-host.ts';
import { runHostCommand } from '../../../src/host/host-commands.ts';
import { StateFile } from '../../../src/host/account/state-file.ts';
import { DEFAULT_PREFERENCES, type HostEvent } from '../../../src/shared/client-api/host.ts';
import { SILENT_SHELL } from '../../support/silent-shell.ts';

const SERVER = { host: '127.0.0.1', port: 1, plaintext: true };
const KEVIN = { server: SERVER, username: 'kevin' };

let home: string;
let folder: string;
let file: string;
let told: boolean[];
let sealNow: 'locked' | undefined;
let state: StateFile;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  home = mkdtempSync(join(tmpdir(), 'aside-unsaved-'));
  folder = join(home, 'data');
  file = join(folder, 'app.json');
  told = [];
  sealNow = undefined;
  state = new StateFile(
    file,
    () => sealNow,
    (unsaved) => told.push(unsaved),
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  rmSync(home, { recursive: true, force: true });
});

/** Makes every later write fail. */
const breakDisk = () => {
  rmSync(folder, { recursive: true, force: true });
  writeFileSync(folder, 'in the way');
};
const mendDisk = () => {
  rmSync(folder);
  mkdirSync(folder);
};
const onDisk = () => (JSON.parse(readFileSync(file, 'utf8')) as { drafts: object }).drafts;
const drafts = (text: string) => ({ 'kevin@127.0.0.1:1': { '@bob': text } });

describe('Draft on a failing disk (G5, G7)', () => {
  it('is saved again with growing delays until it succeeds; the failure is reported once', () => {
    breakDisk();
    const flush = vi.spyOn(state, 'flush');
    state.writeDraft(KEVIN, '@bob', 'Halbfertig');
    vi.advanceTimersByTime(500);
    expect([flush.mock.calls.length, told]).toEqual([1, []]);
    vi.advanceTimersByTime(1_000);
    expect([flush.mock.calls.length, told]).toEqual([2, [true]]);
    vi.advanceTimersByTime(120_000);
    expect(told).toEqual([true]);
    expect(state.unsaved).toBe(true);
    const tries = flush.mock.calls.length;
    expect(tries).toBeGreaterThan(6);
    expect(tries).toBeLessThan(12);
    mendDisk();
    vi.advanceTimersByTime(30_000);
    expect(onDisk()).toEqual(drafts('Halbfertig'));
    expect([told, state.unsaved]).toEqual([[true, false], false]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('causes no report if the second attempt succeeds', () => {
    breakDisk();
    state.writeDraft(KEVIN, '@bob', 'Halbfertig');
    vi.advanceTimersByTime(500);
    mendDisk();
    vi.advanceTimersByTime(1_000);
    expect(onDisk()).toEqual(drafts('Halbfertig'));
    expect(told).toEqual([]);
  });

  it('is saved together with the next other change', () => {
    breakDisk();
    state.writeDraft(KEVIN, '@bob', 'Halb');
    vi.advanceTimersByTime(100_000);
    state.writeDraft(KEVIN, '@bob', 'Halbfertig');
    expect(() => state.writePreferences({ ...DEFAULT_PREFERENCES, theme: 'dark' })).toThrow();
    mendDisk();
    state.writePreferences({ ...DEFAULT_PREFERENCES, theme: 'dark' });
    expect(onDisk()).toEqual(drafts('Halbfertig'));
    expect(told).toEqual([true, false]);
  });

  it('is saved a last time at closing, and not after that', () => {
    breakDisk();
    state.writeDraft(KEVIN, '@bob', 'Halbfertig');
    vi.advanceTimersByTime(500);
    expect(state.close()).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
    mendDisk();
    expect(state.close()).toBe(true);
    expect(onDisk()).toEqual(drafts('Halbfertig'));
  });

  it('causes no report if the app was locked in between', () => {
    state.writeDraft(KEVIN, '@bob', 'Halb');
    sealNow = 'locked';
    vi.advanceTimersByTime(1_000);
    sealNow = undefined;
    state.writeDraft(KEVIN, '@bob', 'Halbfertig');
    vi.advanceTimersByTime(1_000);
    expect(onDisk()).toEqual(drafts('Halbfertig'));
    expect(told).toEqual([]);
  });
});

describe('App whose drafts cannot be saved', () => {
  it('reports that to its windows, also to later ones, and at its end', async () => {
    const host = new AppHost({ dataFolder: folder, version: '1', shell: SILENT_SHELL });
    const events: HostEvent[] = [];
    host.openAccount(KEVIN);
    host.subscribe((one) => 'hostEvent' in one && events.push(one.hostEvent));
    expect(host.read().hostState).not.toHaveProperty('draftsUnsaved');
    // A folder in place of the file makes only this file fail.
    mkdirSync(join(file, 'in the way'), { recursive: true });
    await runHostCommand(host, 'host.writeDraft', { conversation: '@bob', text: 'Halbfertig' });
    vi.advanceTimersByTime(1_500);
    expect(events.filter(({ name }) => name !== 'host.draftChanged')).toEqual([
      { name: 'host.draftsUnsaved', unsaved: true },
    ]);
    expect(host.read().hostState.draftsUnsaved).toBe(true);
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    host.close();
    expect(said.mock.calls).toEqual([['aside: unfinished messages could not be saved, and are lost\n']]);
    expect(vi.getTimerCount()).toBe(0);

    rmSync(file, { recursive: true });
    vi.advanceTimersByTime(60_000);
    host.close();
    expect(onDisk()).toEqual(drafts('Halbfertig'));
  });
});
