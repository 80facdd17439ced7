import { execFileSync, spawnSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EVERYTHING, StoreFolder } from '../support/store-folder.ts';
import { StoreProcess } from '../support/store-process.ts';

let folder: StoreFolder;
let process: StoreProcess | undefined;

beforeEach(() => {
  folder = new StoreFolder();
});
afterEach(async () => {
  await process?.kill();
  await folder.cleanUp();
});

const canLimit = spawnSync('prlimit', ['--version']).status === 0;

test.skipIf(!canLimit)(
  'Store loses nothing if the system refuses writes, and works again afterwards (D3)',
  async () => {
    process = await StoreProcess.start('obey', folder.path);
    await process.heard(1);
    const limitFileSize = (bytes: string) => execFileSync('prlimit', [`--fsize=${bytes}:`, `--pid=${process?.pid}`]);

    const stored: number[] = [];
    const refused: string[] = [];
    limitFileSize('800000');
    for (let n = 0; n < 100; n++) {
      const answer = await process.store(n);
      if (answer === `${n} stored`) stored.push(n);
      else refused.push(answer);
    }
    expect(stored.length).toBeGreaterThan(10);
    expect(refused.length).toBeGreaterThan(10);
    for (const answer of refused)
      expect(answer).toMatch(/^\d+ StorageError: The server could not store this: [^.]+\.$/);

    limitFileSize('unlimited');
    for (let n = 0; n < 110; n++) {
      const answer = await process.store(n);
      expect(answer).toBe(stored.includes(n) ? `${n} duplicate` : `${n} stored`);
      if (!stored.includes(n)) stored.push(n);
    }
    await process.finish();

    const store = await folder.open();
    const ats = (await store.readMail(1, 0, EVERYTHING)).map(({ at }) => at);
    expect(ats).toEqual(stored);
  },
);
