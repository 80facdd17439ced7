import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sources = join(root, 'server/src/store');
// Inside the repository, so that the bundles find the database driver.
const folder = join(root, 'build/store-for-tests');

/** The store's writer thread as one file, rebuilt when its sources are newer: a test of the store can run alone. */
export function storeWorkerUrl(): Promise<URL> {
  return bundled('store-worker');
}

/** The whole store as one file, for a process of its own. */
export function storeModuleUrl(): Promise<URL> {
  return bundled('sqlite-store');
}

async function bundled(name: string): Promise<URL> {
  const file = join(folder, `${name}.js`);
  if (!existsSync(file) || statSync(file).mtimeMs < newestSource()) await build(name, file);
  return pathToFileURL(file);
}

function newestSource(): number {
  const names = readdirSync(sources, { recursive: true, encoding: 'utf8' });
  return Math.max(...names.map((name) => statSync(join(sources, name)).mtimeMs));
}

/** Under another name first: test files run side by side, and none may load a file that is half written. */
async function build(name: string, file: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const fresh = mkdtempSync(join(folder, 'fresh-'));
  const bundler = await rolldown({
    input: { [name]: join(sources, 'sqlite', `${name}.ts`) },
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
    platform: 'node',
  });
  await bundler.write({ dir: fresh, format: 'esm', entryFileNames: '[name].js' });
  await bundler.close();
  renameSync(join(fresh, `${name}.js`), file);
  rmSync(fresh, { recursive: true, force: true });
}
