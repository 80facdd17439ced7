// Builds parts of the desktop app as electron.vite.config.ts says.
import { join } from 'node:path';
import { resolveConfig } from 'electron-vite';
import { build } from 'vite';
import { ROOT } from './setup.mjs';

/** @typedef {'main' | 'preload' | 'renderer'} Part */

/** @type {readonly Part[]} */
export const PARTS = ['main', 'preload', 'renderer'];

/**
 * @param {'build' | 'serve'} command
 * @param {string} mode `demo` adds the page that runs on a client in memory
 */
export async function readConfig(command, mode) {
  const file = { root: ROOT, configFile: join(ROOT, 'electron.vite.config.ts') };
  const environment = command === 'build' ? 'production' : 'development';
  const { config } = await resolveConfig({ ...file, mode, logLevel: 'warn' }, command, environment);
  return config ?? {};
}

/**
 * @param {Part} part
 * @param {string} folder is emptied first
 * @param {{ demo?: boolean }} [options]
 */
export async function buildPart(part, folder, { demo = false } = {}) {
  const config = (await readConfig('build', demo ? 'demo' : 'production'))[part];
  return await build({ ...config, build: { ...config?.build, outDir: folder, emptyOutDir: true } });
}
