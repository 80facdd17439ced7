// Builds the app's window into dist/renderer; with --demo into build/renderer-demo, with a page on a client in memory.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { licencesPlugin } from './licences.mjs';
import { ROOT } from './setup.mjs';

const SOURCE = join(ROOT, 'src', 'renderer');

/**
 * @param {{ demo?: boolean, folder?: string }} [options] `folder`: where to, instead of the usual place
 * @returns what was built
 */
export async function buildRenderer({ demo = false, folder } = {}) {
  // Whoever builds, a test too: it is always the app as people get it.
  process.env.NODE_ENV = 'production';
  const pages = demo ? ['index.html', 'demo.html'] : ['index.html'];
  return await build({
    configFile: false,
    root: SOURCE,
    base: './',
    logLevel: 'warn',
    plugins: [react(), tailwindcss(), licencesPlugin()],
    build: {
      outDir: folder ?? join(ROOT, demo ? 'build/renderer-demo' : 'dist/renderer'),
      emptyOutDir: true,
      target: 'es2024',
      // The polyfill fetches by itself, and every browser and Electron that Aside runs in preloads modules anyway.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1_024,
      rolldownOptions: { input: pages.map((page) => join(SOURCE, page)) },
    },
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await buildRenderer({ demo: process.argv.includes('--demo') });
}
