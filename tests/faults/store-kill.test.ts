import { afterEach, beforeEach, expect, test } from 'vitest';
import { EVERYTHING, StoreFolder } from '../support/store-folder.ts';
import { StoreProcess } from '../support/store-process.ts';

let folder: StoreFolder;
const processes: StoreProcess[] = [];

beforeEach(() => {
  folder = new StoreFolder();
});
afterEach(async () => {
  for (const process of processes.splice(0)) await process.kill();
  await folder.cleanUp();
});

async function start(task: 'stream' | 'obey'): Promise<StoreProcess> {
  const process = await StoreProcess.start(task, folder.path);
  processes.push(process);
  return process;
}

test.each([1, 500, 5_000])(
  'Store has all of %i acknowledged messages after kill -9, in order (D3, D4)',
  async (count) => {
    const process = await start('stream');
    await process.heard(1 + count);
    await process.kill();
    const acknowledged = process.lines
      .filter((line) => line.startsWith('stored '))
      .map((line) => Number(line.slice(7)));

    const store = await folder.open();
    const texts = (await store.readMail(1, 0, EVERYTHING)).map(({ text }) => text);
    // Messages that were committed but not yet acknowledged may follow, without a gap.
    expect(texts).toEqual(texts.map((_, n) => `text ${n}`));
    expect(acknowledged.length).toBeGreaterThanOrEqual(count);
    expect(texts.length).toBeGreaterThan(Math.max(...acknowledged));
    expect((await store.load({ receipts: 1_000_000 })).receipts).toHaveLength(texts.length);
  },
);

test('Data folder is refused to a second process, and free after the first is killed (A2)', async () => {
  const first = await start('obey');
  await first.heard(1);
  const second = await start('obey');
  expect(await second.heard(1)).toEqual([
    `refused DataFolderInUseError: Another server is already running on the data folder ${folder.path}: ` +
      'stop it first, or choose another with --data.',
  ]);
  // The first is unharmed by the attempt.
  expect(await first.store(1)).toBe('1 stored');
  await first.kill();

  const third = await start('obey');
  expect(await third.heard(1)).toEqual(['open']);
  expect(await third.store(1)).toBe('1 duplicate');
  await third.finish();
  await folder.open();
});
