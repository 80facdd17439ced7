// Measures the rate at which the store syncs messages to the disk, for several numbers of writers that each wait for an answer.
// Usage: node bench/store.mjs [seconds for each row]
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const SECONDS = Number(process.argv[2] ?? 2);
const SOURCES = fileURLToPath(new URL('../server/src/store/sqlite', import.meta.url));
const BUNDLES = fileURLToPath(new URL('../build/bench', import.meta.url));
const TEXT = 'x'.repeat(100);
/** Writers, and messages that each hands over with one call. */
const ROWS = [
  [1, 1],
  [20, 1],
  [200, 1],
  [1_000, 1],
  [200, 8],
  [10, 500],
];

/** @param {string} name @returns {Promise<URL>} */
async function bundled(name) {
  const file = join(BUNDLES, `${name}.js`);
  const build = await rolldown({
    input: join(SOURCES, `${name}.ts`),
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
    platform: 'node',
  });
  await build.write({ file, format: 'esm' });
  await build.close();
  return pathToFileURL(file);
}

/** @type {typeof import('../server/src/store/sqlite/sqlite-store.ts')} */
const { openSqliteStore } = await import((await bundled('sqlite-store')).href);
const workerUrl = await bundled('store-worker');

/** @param {number} writers @param {number} each */
async function measure(writers, each) {
  const folder = mkdtempSync(join(tmpdir(), 'aside-bench-'));
  const store = await openSqliteStore({
    folder,
    workerUrl,
    onFatal: (error) => {
      throw error;
    },
  });
  /** @type {number[]} */
  const waits = [];
  const start = performance.now();
  const end = start + SECONDS * 1_000;
  /** @param {number} writer */
  const write = async (writer) => {
    while (performance.now() < end) {
      const message = { to: writer, from: writer + 1, fromName: 'kevin', text: TEXT, at: Date.now(), fingerprint: 1 };
      const before = performance.now();
      await store.appendMail(Array.from({ length: each }, () => ({ ...message, id: randomUUID() })));
      waits.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  const perSecond = (waits.length * each * 1_000) / (performance.now() - start);
  await store.close();
  rmSync(folder, { recursive: true });
  waits.sort((a, b) => a - b);
  const at = (/** @type {number} */ part) => waits[Math.floor((waits.length - 1) * part)]?.toFixed(1).padStart(7);
  const what = `${writers.toLocaleString('en')} x ${each}`.padStart(10);
  const rate = Math.round(perSecond).toLocaleString('en').padStart(10);
  process.stdout.write(`${what}${rate}/s${at(0.5)}${at(0.99)}${at(1)} ms\n`);
}

process.stdout.write('writers x messages a call, stored and synced; wait of a call: median, 99 of 100, longest\n');
for (const [writers = 1, each = 1] of ROWS) await measure(writers, each);
