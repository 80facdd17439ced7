import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../scripts/setup.mjs';

/** Everything that the app is built from. */
const PARTS = [
  'src',
  'server',
  'scripts',
  'bench',
  'resources',
  'LICENSE',
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
  'tsconfig.base.json',
  'vitest.config.ts',
];

/** A copy of the project that a test may change, with the installed packages. */
export class ProjectCopy {
  readonly folder = mkdtempSync(join(tmpdir(), 'aside-project-'));

  constructor() {
    for (const part of PARTS) {
      // With their times, so that the copied lock file is not newer than the installed packages.
      cpSync(join(ROOT, part), join(this.folder, part), { recursive: true, preserveTimestamps: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** Replaces a text in a file. @throws Error if the file does not contain it */
  edit(file: string, before: string, after: string): void {
    const path = join(this.folder, file);
    const source = readFileSync(path, 'utf8');
    if (!source.includes(before)) throw new Error(`${file} has no ${before}`);
    writeFileSync(path, source.replace(before, after));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
