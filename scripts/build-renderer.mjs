// Builds the app's window into dist/renderer; with `demo` into build/renderer-demo, with a page on a client in memory.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { ROOT } from './setup.mjs';

/** @param {{ demo?: boolean, folder?: string }} [options] `folder`: where to, instead of the usual place */
export async function buildRenderer({ demo = false, folder } = {}) {
  await build({
    configFile: join(ROOT, 'src', 'renderer', 'vite.config.ts'),
    mode: demo ? 'demo' : 'production',
    logLevel: 'warn',
    ...(folder === undefined ? {} : { build: { outDir: folder } }),
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await buildRenderer({ demo: process.argv.includes('--demo') });
}
