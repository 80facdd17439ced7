// Measures how long encrypting and decrypting a history takes, and how long other work waits meanwhile.
// Usage: node bench/passphrase.mjs [messages]
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundled, plant } from './app/history.mjs';

const MESSAGES = Number(process.argv[2] ?? 100_000);
const ME = 'kevin';

/** @type {typeof import('./app/protecting.mjs')} */
const { makeProfile, protect, SERVER } = await import(pathToFileURL(await bundled('bench/app/protecting.mjs')).href);
const dataFolder = mkdtempSync(join(tmpdir(), 'aside-bench-'));
process.once('exit', () => rmSync(dataFolder, { recursive: true, force: true }));
makeProfile(dataFolder, ME);
const folder = join(dataFolder, `${SERVER.host}_${SERVER.port}`, ME);
if (!existsSync(folder)) throw new Error(`profiles are no longer in such folders: ${folder}`);
await plant({ folder, key: undefined, messages: MESSAGES, conversations: 500, friend: 'hans' });
const load = loadavg().map((one) => one.toFixed(1));
process.stdout.write(
  `load ${load.join(' ')} on ${cpus().length} processors; ${MESSAGES.toLocaleString('en')} messages\n`,
);
for (const { what, ms, longest } of await protect(dataFolder)) {
  const seconds = (ms / 1_000).toFixed(1);
  process.stdout.write(`${what.padEnd(12)}${seconds.padStart(6)} s, longest turn ${longest.toFixed(0)} ms\n`);
}
