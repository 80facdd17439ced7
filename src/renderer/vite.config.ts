import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The window's bundle. With mode `demo` also a page on a client in memory, for tests and for looking at the app. */
export default defineConfig(({ mode }) => ({
  root: here('.'),
  base: './',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: here(mode === 'demo' ? '../../build/renderer-demo' : '../../dist/renderer'),
    emptyOutDir: true,
    target: 'es2024',
    // The polyfill fetches by itself, and every browser and Electron that Aside runs in preloads modules anyway.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_024,
    rolldownOptions: { input: mode === 'demo' ? [here('index.html'), here('demo.html')] : [here('index.html')] },
  },
}));
