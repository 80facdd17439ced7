// Writes the measured history with the app's own code.
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { Chance, textOf } from './texts.mjs';

const ME = 'kevin';
const CHUNK = 500;
/** Messages of each conversation except the long one. */
const SHORT = 20;
const STEP_MS = 4 * 60_000;

/** Bundles a part of the sources. @param {string} source below the project's folder @returns {Promise<string>} the file */
export async function bundled(source) {
  const file = fileURLToPath(new URL(`../../build/bench/${source.replaceAll('/', '-')}.js`, import.meta.url));
  const build = await rolldown({
    input: fileURLToPath(new URL(`../../${source}`, import.meta.url)),
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
    platform: 'node',
  });
  await build.write({ file, format: 'esm' });
  await build.close();
  return file;
}

/**
 * @param {{ folder: string, key: string | undefined, messages: number, conversations: number, friend: string }} what
 * `messages` with `friend`, a few with each of the others
 */
export async function plant({ folder, key, messages, conversations, friend }) {
  /** @type {typeof import('../../src/node/history/sqlite-history.ts')} */
  const { SqliteHistory } = await import(pathToFileURL(await bundled('src/node/history/sqlite-history.ts')).href);
  const history = new SqliteHistory(join(folder, 'history.db'), { encryptionKey: key });
  const chance = new Chance();
  const others = (conversations - 1) * SHORT;
  const every = Math.max(1, Math.floor(messages / others));
  const start = Date.now() - (messages + others) * STEP_MS;
  /** @type {import("../../src/core/ports.ts").ImportPlace | undefined} */
  let place;
  /** @type {import('../../src/core/ports.ts').RestoredMessage[]} */
  let chunk = [];
  let other = 0;
  let n = 0;
  /** @param {string} name */
  const add = (name) => {
    const incoming = chance.below(5) < 3;
    chunk.push({
      id: `018c3f5e-0000-7000-8000-${String(n).padStart(12, '0')}`,
      conversation: `@${name}`,
      from: incoming ? name : ME,
      to: incoming ? ME : name,
      incoming,
      text: textOf(chance, n),
      at: start + n * STEP_MS,
      status: { state: incoming ? 'received' : chance.below(9) === 0 ? 'stored' : 'delivered' },
    });
    n++;
    if (chunk.length < CHUNK) return;
    place = history.restore(chunk, place).place;
    chunk = [];
  };
  for (let k = 0; k < messages; k++) {
    add(friend);
    if (k % every === 0 && other < others) add(`person${other++ % (conversations - 1)}`);
  }
  history.restore(chunk, place);
  history.close();
}
