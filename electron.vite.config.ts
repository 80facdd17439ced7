// The desktop app's three parts: main process, preload script and page. `npm run build`, `npm run dev` and the tests read this file.
import { createServer } from 'node:net';
import { join } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'electron-vite';
import type { Plugin } from 'vite';
import { emojiPlugin } from './scripts/emoji.mjs';
import { licencesPlugin } from './scripts/licences.mjs';

const ROOT = import.meta.dirname;
const RENDERER = join(ROOT, 'src', 'renderer');
/** The window on a client in memory, for tests and screenshots. */
const DEMO_PAGE = join(ROOT, 'tests', 'support', 'demo-page');
/** Packages with native code stay beside the bundle. */
const NATIVE = ['libsql', '@node-rs/argon2'];
const LOOPBACK = '127.0.0.1';

/** In development the app sends a policy of its own with the page, which lets Vite change the page. */
const withoutPolicy: Plugin = {
  name: 'aside-without-policy',
  transformIndexHtml: {
    order: 'pre',
    handler: (html) => html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ''),
  },
};

/** Vite's port must be known before Vite listens, because the page is told of it. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ host: LOOPBACK, port: 0 }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

export default defineConfig(async ({ command, mode }): Promise<UserConfig> => {
  const developing = command === 'serve';
  const port = developing ? await freePort() : 0;
  const demo = mode === 'demo';
  return {
    main: {
      root: ROOT,
      build: {
        externalizeDeps: false,
        sourcemap: true,
        lib: { entry: join(ROOT, 'src', 'main', 'index.ts'), formats: ['es'] },
        rolldownOptions: { external: NATIVE, output: { entryFileNames: '[name].js' } },
      },
    },
    preload: {
      root: ROOT,
      build: {
        externalizeDeps: false,
        lib: { entry: join(ROOT, 'src', 'preload', 'index.ts'), formats: ['cjs'] },
        // A sandboxed window loads nothing but one CommonJS file.
        rolldownOptions: { output: { format: 'cjs', entryFileNames: '[name].cjs' } },
      },
    },
    renderer: {
      root: demo ? DEMO_PAGE : RENDERER,
      base: './',
      cacheDir: join(ROOT, 'build', 'vite'),
      plugins: [react(), tailwindcss(), emojiPlugin(), ...(developing ? [withoutPolicy] : [licencesPlugin()])],
      // The page has the app's origin, so Vite's client can't derive the address of Vite's socket from it.
      server: { host: LOOPBACK, port, strictPort: true, hmr: { protocol: 'ws', host: LOOPBACK, clientPort: port } },
      // The same in src/host/windows/development-page.ts.
      html: developing ? { cspNonce: 'development' } : {},
      build: {
        // The browser host serves the same files to browsers older than this Electron.
        target: 'es2024',
        minify: true,
        // The policy allows no script or style from a data: address.
        assetsInlineLimit: 0,
        chunkSizeWarningLimit: 1_024,
        rolldownOptions: { input: demo ? join(DEMO_PAGE, 'demo.html') : join(RENDERER, 'index.html') },
      },
    },
  };
});
