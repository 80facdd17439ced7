// Bundles a program of plain Node: the server, the terminal client, the browser host.
import { rolldown } from 'rolldown';
import { ROOT } from './setup.mjs';

/** Packages stay in node_modules: some carry native code, and a package that is not copied can't grow stale. */
const external = (/** @type {string} */ id) => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Za-z]:/.test(id);

/**
 * @param {Readonly<Record<string, string>>} input name of a file → its entry in the sources
 * @returns {import('rolldown').InputOptions}
 */
export function inputOptions(input) {
  return { cwd: ROOT, input: { ...input }, external, platform: 'node' };
}

/** @param {string} folder @returns {import('rolldown').OutputOptions} */
export function outputOptions(folder) {
  return { dir: folder, format: 'esm', sourcemap: true, entryFileNames: '[name].js' };
}

/**
 * @param {Readonly<Record<string, string>>} input
 * @param {string} folder
 */
export async function bundle(input, folder) {
  const bundler = await rolldown(inputOptions(input));
  await bundler.write(outputOptions(folder));
  await bundler.close();
}
