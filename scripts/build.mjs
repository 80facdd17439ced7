// npm run build: the server into server/dist, everything else into out. With --demo: only the page on a client in
// memory, into build/renderer-demo.
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildPart, PARTS } from './build-app.mjs';
import { bundle } from './bundle.mjs';
import { ROOT } from './setup.mjs';

/** @param {string} folder @returns {Promise<string[]>} the paths of all files below it, relative to it */
async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length));
}

/**
 * Moves a fresh build in, file by file: a program that starts meanwhile finds the old or the new, never a gap.
 * @param {string} fresh
 * @param {string} target
 */
async function moveIn(fresh, target) {
  await mkdir(target, { recursive: true });
  // A page names its assets: the assets come first.
  const files = (await filesIn(fresh)).sort(
    (one, other) => Number(one.endsWith('.html')) - Number(other.endsWith('.html')),
  );
  for (const file of files) {
    await mkdir(dirname(join(target, file)), { recursive: true });
    await rename(join(fresh, file), join(target, file));
  }
  for (const file of await filesIn(target)) if (!files.includes(file)) await rm(join(target, file));
}

if (process.argv.includes('--demo')) {
  await buildPart('renderer', join(ROOT, 'build', 'renderer-demo'), { demo: true });
} else {
  const fresh = join(ROOT, 'build', `fresh-${process.pid}`);
  const server = { index: 'server/src/index.ts', 'store-worker': 'server/src/store/sqlite/store-worker.ts' };
  try {
    await bundle(server, join(fresh, 'server'));
    await bundle({ index: 'src/terminal/index.ts' }, join(fresh, 'terminal'));
    await bundle({ index: 'src/browser/index.ts' }, join(fresh, 'browser'));
    for (const part of PARTS) await buildPart(part, join(fresh, part));
    await moveIn(join(fresh, 'server'), join(ROOT, 'server', 'dist'));
    for (const part of ['terminal', 'browser', ...PARTS]) await moveIn(join(fresh, part), join(ROOT, 'out', part));
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}
