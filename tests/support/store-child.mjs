// A process of its own with a store, to be killed, starved or locked out. Arguments: what to do, the store's bundle, its
// worker, the data folder. It says on standard output what has been done, one line each.
import { createInterface } from 'node:readline';

const [task, module, worker, folder] = process.argv.slice(2);
if (!task || !module || !worker || !folder) throw new Error('usage: store-child.mjs TASK MODULE WORKER FOLDER');

// Past its file size limit a process is sent this signal first; heeded, the write fails as on a full disk.
process.on('SIGXFSZ', () => {});

/** @type {typeof import('../../server/src/store/sqlite/sqlite-store.ts')} */
const { openSqliteStore } = await import(module);
const opening = openSqliteStore({
  folder,
  workerUrl: new URL(worker),
  onFatal: (error) => say(`fatal ${error.message}`),
});
const store = await opening.catch((error) => {
  say(`refused ${error.name}: ${error.message}`);
  process.exit(1);
});
say('open');

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`);
}

/** @param {number} n @param {string} text */
function mail(n, text) {
  const id = `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
  return { to: 1, from: 2, fromName: 'kevin', id, text, at: n, fingerprint: n };
}

/** Stores without end, several at a time, and says each that is acknowledged. */
function stream() {
  let next = 0;
  const one = async () => {
    for (;;) {
      const n = next++;
      await store.appendMail([mail(n, `text ${n}`)]);
      say(`stored ${n}`);
    }
  };
  for (let lane = 0; lane < 50; lane++) void one();
}

/** Stores one message of 8 KiB for each line that it is given. */
async function obey() {
  for await (const line of createInterface({ input: process.stdin })) {
    const outcome = await store.appendMail([mail(Number(line), 'x'.repeat(8_192))]).then(
      ([appended]) => appended?.kind,
      (error) => `${error.name}: ${error.message}`,
    );
    say(`${line} ${outcome}`);
  }
  await store.close();
}

if (task === 'stream') stream();
else await obey();
