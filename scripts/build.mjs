// Bundles each program into one file beside its native dependencies: server/dist, dist/terminal, and the app's in dist.
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { buildRenderer } from './build-renderer.mjs';
import { ROOT } from './setup.mjs';

/** Packages stay in node_modules: some carry native code, and what is not copied can't grow stale. */
const external = (/** @type {string} */ id) => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Za-z]:/.test(id);

/**
 * Built aside and moved in file by file: a program that starts meanwhile finds the old or the new, never a gap.
 * @param {Record<string, string>} input name of a program → its entry file
 * @param {string} folder
 */
async function bundle(input, folder) {
  const target = join(ROOT, folder);
  const fresh = join(ROOT, 'build', 'bundle', `${folder.replaceAll('/', '-')}-${process.pid}`);
  const build = await rolldown({ cwd: ROOT, input, external, platform: 'node' });
  await build.write({ dir: fresh, format: 'esm', sourcemap: true, entryFileNames: '[name].js' });
  await build.close();
  await mkdir(target, { recursive: true });
  const made = await readdir(fresh);
  for (const file of made) await rename(join(fresh, file), join(target, file));
  for (const file of await readdir(target)) if (!made.includes(file)) await rm(join(target, file), { recursive: true });
  await rm(fresh, { recursive: true });
}

await bundle(
  { index: 'server/src/index.ts', 'store-worker': 'server/src/store/sqlite/store-worker.ts' },
  'server/dist',
);
await bundle({ index: 'src/terminal/index.ts' }, 'dist/terminal');
await import('./build-app.mjs');
await buildRenderer();
