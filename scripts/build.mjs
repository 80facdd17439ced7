// Bundles each program into one file beside its native dependencies: server/dist and dist/terminal.
import { rolldown } from 'rolldown';

const external = (/** @type {string} */ id) => !id.startsWith('.') && !id.startsWith('/');

/** @param {Record<string, string>} input @param {string} dir */
async function bundle(input, dir) {
  const build = await rolldown({ input, external, platform: 'node' });
  await build.write({ dir, format: 'esm', sourcemap: true, entryFileNames: '[name].js', cleanDir: true });
  await build.close();
}

await bundle({ index: 'server/src/index.ts', 'store-worker': 'server/src/store/sqlite/store-worker.ts' }, 'server/dist');
await bundle({ index: 'src/terminal/index.ts' }, 'dist/terminal');
