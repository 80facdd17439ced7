import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../scripts/bundle.mjs';
import { ROOT } from '../../scripts/setup.mjs';

/** A program of the repository as one file that Node can run, made from the sources as they are now. */
export interface Bundle {
  readonly file: string;
  remove(): void;
}

/** @param entry the program's first source file */
export async function bundleProgram(entry: URL): Promise<Bundle> {
  // Inside the repository, so that it finds its packages.
  const home = join(ROOT, 'build', 'client-for-tests');
  mkdirSync(home, { recursive: true });
  const folder = mkdtempSync(join(home, 'fresh-'));
  await bundle({ program: fileURLToPath(entry) }, folder);
  return {
    file: join(folder, 'program.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
