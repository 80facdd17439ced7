import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../scripts/bundle.mjs';
import { ROOT } from '../../scripts/setup.mjs';

/** Bundles a program of the repository, from its current sources, into one file for Node. */
export interface Bundle {
  readonly file: string;
  remove(): void;
}

/** @param entry entry file of the program */
export async function bundleProgram(entry: URL): Promise<Bundle> {
  // Inside the repository, where Node finds the packages.
  const home = join(ROOT, 'build', 'client-for-tests');
  mkdirSync(home, { recursive: true });
  const folder = mkdtempSync(join(home, 'fresh-'));
  await bundle({ program: fileURLToPath(entry) }, folder);
  return {
    file: join(folder, 'program.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
