// Bundles the app's programs: the browser host, Electron's main process, and its preload script.
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { ROOT } from './setup.mjs';

/** Packages stay in node_modules: some carry native code, and Electron brings its own modules. */
const external = (/** @type {string} */ id) => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Za-z]:/.test(id);

/**
 * Built aside and moved in, so that a program that starts meanwhile finds the old or the new.
 * @param {string} entry
 * @param {string} folder
 * @param {{ format: 'esm' | 'cjs', file: string }} output
 */
async function bundle(entry, folder, { format, file }) {
  const target = join(ROOT, folder);
  const fresh = join(ROOT, 'build', 'bundle', `${folder.replaceAll('/', '-')}-${process.pid}`);
  const build = await rolldown({ cwd: ROOT, input: { index: entry }, external, platform: 'node' });
  await build.write({ dir: fresh, format, sourcemap: true, entryFileNames: file });
  await build.close();
  await mkdir(target, { recursive: true });
  const made = await readdir(fresh);
  for (const name of made) await rename(join(fresh, name), join(target, name));
  for (const name of await readdir(target)) if (!made.includes(name)) await rm(join(target, name), { recursive: true });
  await rm(fresh, { recursive: true });
}

await bundle('src/browser/index.ts', 'dist/browser', { format: 'esm', file: 'index.js' });
await bundle('src/main/index.ts', 'dist/main', { format: 'esm', file: 'index.js' });
// One CommonJS file: a sandboxed window loads nothing else.
await bundle('src/preload/index.ts', 'dist/preload', { format: 'cjs', file: 'index.cjs' });
