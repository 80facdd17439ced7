// Measures the local history with a million messages: encrypted, in 500 conversations, one of them with 100,000.
// Usage: node bench/history.mjs [messages]
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const MESSAGES = Number(process.argv[2] ?? 1_000_000);
const CONVERSATIONS = 500;
const LONGEST = MESSAGES / 10;
/** Messages of one chunk from the network, as after a long absence. */
const CHUNK = 500;
const ROUNDS = 9;
const KEY = 'only for this measurement: no history is kept';
const file = fileURLToPath(new URL('../build/bench/sqlite-history.js', import.meta.url));

const build = await rolldown({
  input: fileURLToPath(new URL('../src/node/history/sqlite-history.ts', import.meta.url)),
  external: (id) => !id.startsWith('.') && !id.startsWith('/'),
  platform: 'node',
});
await build.write({ file, format: 'esm' });
await build.close();
/** @type {typeof import('../src/node/history/sqlite-history.ts')} */
const { SqliteHistory } = await import(pathToFileURL(file).href);

let seed = 1;
/** Deterministic whole number below `bound`. @param {number} bound */
function random(bound) {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * bound);
}

/** Some words are in many messages and most words in few, as in a natural language. */
const WORDS = Array.from({ length: 20_000 }, () =>
  Array.from({ length: 2 + random(9) }, () => 'etaoinshrdlucmfwypvbgk'[random(22)]).join(''),
);
const word = () => WORDS[random(random(WORDS.length) + 1)] ?? '';

/** @param {number} n @returns {import('../src/core/ports.ts').NewIncoming} */
function message(n) {
  const conversation = n % 10 === 0 ? 0 : 1 + random(CONVERSATIONS - 1);
  const text = Array.from({ length: 3 + random(20) }, word).join(' ');
  const id = `018c3f5e-0000-7000-8000-${String(n).padStart(12, '0')}`;
  return { id, conversation: `@person${conversation}`, from: `person${conversation}`, to: 'kevin', text, at: n };
}

/** @param {string} what @param {() => unknown} work */
function measure(what, work) {
  const times = Array.from({ length: ROUNDS }, () => {
    const before = performance.now();
    work();
    return performance.now() - before;
  }).sort((one, other) => one - other);
  const at = (/** @type {number} */ place) => times[place]?.toFixed(1).padStart(8);
  process.stdout.write(`${what.padEnd(58)}${at(ROUNDS >> 1)}${at(ROUNDS - 1)} ms\n`);
}

const folder = mkdtempSync(join(tmpdir(), 'aside-bench-'));
try {
  const database = join(folder, 'history.db');
  let history = new SqliteHistory(database, { encryptionKey: KEY });
  const start = performance.now();
  for (let n = 0; n < MESSAGES; n += CHUNK) {
    history.commit(
      Array.from({ length: Math.min(CHUNK, MESSAGES - n) }, (_one, k) => message(n + k)),
      [],
    );
  }
  const perSecond = Math.round((MESSAGES * 1_000) / (performance.now() - start)).toLocaleString('en');
  process.stdout.write(`${MESSAGES.toLocaleString('en')} messages in chunks of ${CHUNK}: ${perSecond}/s\n`);
  const one = 200;
  const single = performance.now();
  for (let n = 0; n < one; n++) history.commit([message(MESSAGES + n)], []);
  process.stdout.write(`${one} messages one by one: ${((performance.now() - single) / one).toFixed(2)} ms each\n`);
  history.close();
  process.stdout.write(`file: ${Math.round(statSync(database).size / 1e6)} MB, encrypted, with its index\n\n`);
  process.stdout.write(`${' '.repeat(58)}  median longest of ${ROUNDS}\n`);
  measure('open and list all conversations', () => {
    history.close();
    history = new SqliteHistory(database, { encryptionKey: KEY });
    return history.conversations();
  });
  const long = '@person0';
  measure(`newest 100 of ${LONGEST.toLocaleString('en')}`, () => history.page(long, undefined, 100));
  measure('100 from the middle of them', () => history.page(long, MESSAGES / 2, 100));
  const rare = (WORDS.at(-1) ?? '').slice(0, 6);
  const queries = [WORDS[0] ?? '', WORDS[40] ?? '', WORDS[5_000] ?? '', rare, `${WORDS[3]} ${WORDS[70]} ${WORDS[9]}`];
  for (const text of [...queries, 'e', 'sh', 'tion', 'the', 'zzzz', 'etaoin shrdlu cmfwyp']) {
    for (const conversation of [undefined, long, '@person77']) {
      const found = history.search({ text, conversation, limit: 50 });
      const what = `search ${JSON.stringify(text)} in ${conversation ?? 'all'}: ${found.messages.length}`;
      measure(`${what}${found.next === undefined ? '' : ', more'}`, () =>
        history.search({ text, conversation, limit: 50 }),
      );
    }
  }
  history.close();
} finally {
  rmSync(folder, { recursive: true });
}
