import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/setup.mjs';

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Record<string, string>;
}

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly allowScripts: Record<string, boolean>;
}

/** Licences under which Aside may be given away with what it needs to run. */
const FREE = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0', 'BlueOak-1.0.0'];
/** Licences of tools, which are not distributed with the app. */
const FREE_FOR_TOOLS = [
  ...FREE,
  'MPL-2.0',
  'MIT OR Apache-2.0',
  'CC0-1.0',
  'Unlicense',
  'Python-2.0',
  'CC-BY-4.0',
  'PSF-2.0',
  'MIT-0',
  '(MIT OR CC0-1.0)',
  'WTFPL',
  'WTFPL OR ISC',
  '(WTFPL OR MIT)',
];

type Packages = Record<string, LockedPackage>;

/** Names of optional packages that the lock file asks for and lacks; `npm ci` refuses such a file. */
const missingOptional = (packages: Packages): string[] => {
  const names = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
  const wanted = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
  return wanted.filter((name) => !names.has(name));
};

const notExact = (versions: Record<string, string>): string[] =>
  Object.entries(versions)
    .filter(([, version]) => !/^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+$/.test(version))
    .map(([name]) => name);

const notFree = (packages: Packages): string[] =>
  Object.entries(packages)
    .filter(([path, { license, dev }]) => path !== '' && !(dev ? FREE_FOR_TOOLS : FREE).includes(license ?? ''))
    .map(([path]) => path);

const withScripts = (packages: Packages): string[] =>
  Object.entries(packages)
    .filter(([, entry]) => entry.hasInstallScript)
    .map(([path]) => path);

const json = async (file: string): Promise<unknown> => JSON.parse(await readFile(join(ROOT, file), 'utf8'));
const lock = (await json('package-lock.json')) as { packages: Packages };
const manifest = (await json('package.json')) as Manifest;

describe('Lock file', () => {
  it('contains every optional package, so that npm ci works on every system', () => {
    expect(missingOptional(lock.packages)).toEqual([]);
    expect(missingOptional({ 'node_modules/a': { optionalDependencies: { 'a-win32': '1.0.0' } } })).toEqual([
      'a-win32',
    ]);
  });

  it('pins contents and names no registry', () => {
    const entries = Object.entries(lock.packages).filter(([path]) => path !== '');
    expect(entries.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([]);
    expect(entries.filter(([, entry]) => !entry.integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
  });

  it('contains no package with a script that runs at installation', async () => {
    // Refused by name for npm 11, and all of them for every npm. Its script unpacks what only Windows' old installer needs.
    expect(manifest.allowScripts).toEqual({ 'electron-winstaller': false });
    expect(await readFile(join(ROOT, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m);
    expect(withScripts(lock.packages)).toEqual(['node_modules/electron-winstaller']);
    expect(withScripts({ 'node_modules/a': { hasInstallScript: true } })).toEqual(['node_modules/a']);
  });

  it('contains only free software', () => {
    expect(notFree(lock.packages)).toEqual([]);
    expect(notFree({ 'node_modules/a': { license: 'BUSL-1.1' }, 'node_modules/b': {} })).toHaveLength(2);
    expect(notFree({ 'node_modules/a': { license: 'MPL-2.0' } })).toEqual(['node_modules/a']);
    expect(notFree({ 'node_modules/a': { license: 'MPL-2.0', dev: true } })).toEqual([]);
  });
});

describe('package.json', () => {
  it('names exact versions', () => {
    expect(notExact({ ...manifest.dependencies, ...manifest.devDependencies })).toEqual([]);
    expect(notExact({ a: '^1.2.3', b: '1.x', c: 'npm:d@latest', e: '1.2.3', f: 'npm:@g/h@1.2.3' })).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('has a line in docs/decisions.md for every dependency', async () => {
    const decisions = await readFile(join(ROOT, 'docs', 'decisions.md'), 'utf8');
    const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(names.filter((name) => !decisions.includes(`\`${name}\``))).toEqual([]);
  });
});
