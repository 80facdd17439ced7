import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sources = join(root, 'server/src/store');
const folder = join(root, 'build/store-worker');
const bundle = join(folder, 'store-worker.js');

/**
 * The store's writer thread as one file, made anew when its sources are newer: a test of the store can run alone,
 * without the whole build. It lies inside the repository, so that it finds the database driver.
 */
export async function storeWorkerUrl(): Promise<URL> {
  if (!existsSync(bundle) || statSync(bundle).mtimeMs < newestSource()) await build();
  return pathToFileURL(bundle);
}

function newestSource(): number {
  const names = readdirSync(sources, { recursive: true, encoding: 'utf8' });
  return Math.max(...names.map((name) => statSync(join(sources, name)).mtimeMs));
}

/** Under another name first: test files run side by side, and none may load a file that is half written. */
async function build(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const fresh = mkdtempSync(join(folder, 'fresh-'));
  const bundler = await rolldown({
    input: { 'store-worker': join(sources, 'sqlite/store-worker.ts') },
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
    platform: 'node',
  });
  await bundler.write({ dir: fresh, format: 'esm', entryFileNames: '[name].js', codeSplitting: false });
  await bundler.close();
  renameSync(join(fresh, 'store-worker.js'), bundle);
  rmSync(fresh, { recursive: true, force: true });
}
