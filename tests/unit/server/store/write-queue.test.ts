import { afterEach, beforeEach, expect, test } from 'vitest';
import { DataFolderError } from '../../../../server/src/store/sqlite/data-folder.ts';
import { type Appended, StorageError, type Store } from '../../../../server/src/store/store.ts';
import { EVERYTHING, newAccount, newMail, StoreFolder } from '../../../support/store-folder.ts';
import { storeWorkerUrl } from '../../../support/store-worker-url.ts';

let folder: StoreFolder;

beforeEach(() => {
  folder = new StoreFolder();
});
afterEach(() => folder.cleanUp());

/** The real writer behind a first listener that can misbehave. */
async function faultyWorker(fault: string): Promise<URL> {
  const real = JSON.stringify((await storeWorkerUrl()).href);
  return new URL(
    `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    let batches = 0;
    parentPort.on('message', (message) => { ${fault} });
    await import(${real});
  `)}`,
  );
}

async function outcome(write: Promise<unknown>): Promise<unknown> {
  return write.catch((error: unknown) => error);
}

test('WriteQueue executes writes in the order of their calls, in one turn and in many (D4)', async () => {
  const store = await folder.open();
  const writes: Promise<readonly Appended[]>[] = [];
  for (let turn = 0; turn < 20; turn++) {
    for (let i = 0; i < 100; i++) writes.push(store.appendMail([newMail(writes.length)]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const outcomes = await Promise.all(writes);
  expect(outcomes).toEqual(writes.map((_, n) => [{ kind: 'stored', seq: n + 1 }]));
  const mail = await store.readMail(1, 0, EVERYTHING);
  expect(mail.map(({ text }) => text)).toEqual(writes.map((_, n) => `text ${n}`));
});

test('WriteQueue puts the writes of one turn, and those during a transaction, into one transaction each', async () => {
  const url = await faultyWorker('batches++; if (batches > 2) process.exit(1);');
  let fatal: StorageError | undefined;
  const store = await folder.open({
    workerUrl: url,
    onFatal: (error) => {
      fatal = error;
    },
  });
  const first = Array.from({ length: 200 }, (_, n) => store.appendMail([newMail(n)]));
  await new Promise((resolve) => setImmediate(resolve));
  const second = Array.from({ length: 300 }, (_, n) => store.appendMail([newMail(1_000 + n)]));
  await Promise.all([...first, ...second]);
  expect(fatal).toBeUndefined();
  expect(await outcome(store.markAlive(1))).toBeInstanceOf(StorageError);
  expect(fatal).toBeDefined();
});

test('WriteQueue never splits a write of many rows', async () => {
  const store = await folder.open({ maxPages: 200 });
  const writes = [
    store.appendMail([newMail(1)]),
    store.appendMail(Array.from({ length: 5_000 }, (_, n) => newMail(10 + n, { text: 'x'.repeat(1_000) }))),
    store.appendMail([newMail(2)]),
  ];
  const [before, much, after] = await Promise.all(writes.map(outcome));
  expect(before).toEqual([{ kind: 'stored', seq: 1 }]);
  expect(much).toBeInstanceOf(StorageError);
  expect(after).toEqual([{ kind: 'stored', seq: 2 }]);
  expect(await store.readMail(1, 0, EVERYTHING)).toHaveLength(2);
});

test('WriteQueue refuses the whole batch on a full disk, changes nothing, and works again when there is room', async () => {
  const store = await folder.open({ maxPages: 100 });
  const kevin = await store.createAccount(newAccount('kevin'));
  const text = 'x'.repeat(8_000);
  let refused: unknown;
  let stored = 0;
  for (let n = 0; n < 200 && refused === undefined; n++) {
    await store.appendMail([newMail(n, { text })]).then(
      () => stored++,
      (error: unknown) => {
        refused = error;
      },
    );
  }
  expect(refused).toBeInstanceOf(StorageError);
  expect((refused as Error).message).toBe('The server could not store this: the disk is full.');
  expect(stored).toBeGreaterThan(10);

  // A small write that shares the transaction of one that finds no room is undone with it.
  const together = await Promise.all([
    outcome(store.saveLockout({ key: 'kevin', failures: 1, lockedUntil: 0 })),
    outcome(store.appendMail([newMail(900, { text })])),
  ]);
  expect(together.every((result) => result instanceof StorageError)).toBe(true);
  expect((await store.load({ receipts: 1_000 })).lockouts).toEqual([]);
  expect((await store.load({ receipts: 1_000 })).receipts).toHaveLength(stored);
  expect(await store.passwordHash(kevin?.id ?? 0)).toBe('#kevin');

  const mail = await store.readMail(1, 0, EVERYTHING);
  expect(mail).toHaveLength(stored);
  expect(await store.removeMail(1, mail[9]?.seq ?? 0, 5_000)).toMatchObject({ messages: 10, bytes: 80_000 });
  expect(await store.appendMail([newMail(900, { text })])).toMatchObject([{ kind: 'stored' }]);
});

test('WriteQueue rejects pending and later writes if the writer dies, and reports that once', async () => {
  const url = await faultyWorker(
    "if (message !== 'close' && message.some((o) => o.kind === 'markAlive')) process.exit(1);",
  );
  const fatal: StorageError[] = [];
  const store = await folder.open({ workerUrl: url, onFatal: (error) => fatal.push(error) });
  await store.appendMail([newMail(1)]);
  const pending = [store.markAlive(1), store.appendMail([newMail(2)])];
  await new Promise((resolve) => setImmediate(resolve));
  const waiting = store.appendMail([newMail(3)]);
  const results = await Promise.all([...pending, waiting].map(outcome));
  expect(results.every((result) => result instanceof StorageError)).toBe(true);
  expect(await outcome(store.appendMail([newMail(4)]))).toBeInstanceOf(StorageError);
  expect(fatal.map(({ message }) => message)).toEqual([
    'The store has failed and takes nothing more: its thread ended.',
  ]);
  await store.close();
  expect(fatal).toHaveLength(1);

  const again = await folder.open();
  expect(await again.readMail(1, 0, EVERYTHING)).toHaveLength(1);
});

test('WriteQueue reports a writer that cannot start as an error of the data folder', async () => {
  const error = await outcome(folder.open({ workerUrl: new URL('file:///nowhere/store-worker.js') }));
  expect(error).toBeInstanceOf(DataFolderError);
  await folder.open();
});

test('WriteQueue refuses writes when the disk is too slow, instead of queueing without limit', async () => {
  const store = await folder.open();
  const text = 'x'.repeat(1_000_000);
  const writes = Array.from({ length: 140 }, (_, n) => outcome(store.appendMail([newMail(n, { text })])));
  const results = await Promise.all(writes);
  const refused = results.filter((result) => result instanceof StorageError);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(10);
  expect(await outcome(store.appendMail([newMail(999)]))).toMatchObject([{ kind: 'stored' }]);
});

test('WriteQueue commits pending writes at close, refuses later ones, and can be closed twice', async () => {
  const store: Store = await folder.open();
  const pending = Array.from({ length: 3_000 }, (_, n) => store.appendMail([newMail(n)]));
  const closed = Promise.all([store.close(), store.close()]);
  const late = await outcome(store.appendMail([newMail(9_999)]));
  expect(late).toBeInstanceOf(StorageError);
  await closed;
  expect(await Promise.all(pending)).toHaveLength(3_000);
  const again = await folder.open();
  expect(await again.readMail(1, 0, EVERYTHING)).toHaveLength(3_000);
});

test('WriteQueue lets a sign-in read during a long batch', async () => {
  const store = await folder.open();
  const kevin = await store.createAccount(newAccount('kevin'));
  const order: string[] = [];
  const write = store
    .appendMail(Array.from({ length: 20_000 }, (_, n) => newMail(n)))
    .then(() => order.push('written'));
  // The batch is at the writer now.
  await new Promise((resolve) => setImmediate(resolve));
  expect(await store.passwordHash(kevin?.id ?? 0)).toBe('#kevin');
  order.push('read');
  await write;
  expect(order).toEqual(['read', 'written']);
});
