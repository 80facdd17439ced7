import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPart, PARTS } from '../../scripts/build-app.mjs';
import { licencesOf, runtimePackages } from '../../scripts/licences.mjs';
import { ROOT } from '../../scripts/setup.mjs';
import type { Licence } from '../../src/renderer/features/settings/read-licences.ts';

interface Built {
  readonly output: readonly { readonly type: string; readonly moduleIds?: readonly string[] }[];
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aside-licences-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('Licences in the app', () => {
  let list: readonly Licence[];
  let modules: readonly string[];
  beforeAll(async () => {
    const built: Built[] = [];
    for (const part of PARTS) built.push(...([await buildPart(part, join(folder, part))].flat() as Built[]));
    modules = built.flatMap(({ output }) => output.flatMap(({ moduleIds = [] }) => moduleIds));
    const file = pathToFileURL(join(folder, 'renderer', 'assets', 'licences.js')).href;
    ({ default: list } = (await import(/* @vite-ignore */ file)) as { default: readonly Licence[] });
  });

  it('cover every package that is bundled into main process, preload script or page', () => {
    const names = new Set(
      modules.flatMap((id) => {
        const [scope = '', name = ''] = id.split('node_modules/').at(-1)?.split('/') ?? [];
        return id.includes('node_modules/') ? [scope.startsWith('@') ? `${scope}/${name}` : scope] : [];
      }),
    );
    expect(names.size).toBeGreaterThan(25);
    const listed = new Set(list.map(({ name }) => name));
    expect([...names].filter((name) => !listed.has(name))).toEqual([]);
    // Styles and helpers of the bundler are no modules with a path.
    expect(['Aside', 'tailwindcss', 'vite', 'rolldown'].filter((name) => !listed.has(name))).toEqual([]);
  });

  it('cover every package that is installed at run time', async () => {
    const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { dev?: boolean; version: string }>;
    };
    const shipped = Object.entries(lock.packages).filter(
      ([path, { dev }]) => path !== '' && dev !== true && existsSync(join(ROOT, path)),
    );
    expect(shipped.length).toBeGreaterThan(30);
    const listed = new Set(list.map(({ name, version }) => `${name} ${version}`));
    const named = shipped.map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')} ${version}`);
    expect(named.filter((one) => !listed.has(one))).toEqual([]);
  });

  it('have a name and a text each', () => {
    expect(list.filter(({ licence, text }) => licence === '' || text.length < 200)).toEqual([]);
    expect(list.find(({ name }) => name === 'qrcode-generator')?.text).toMatch(
      /^QR Code Generator[^]*Kazuhiko Arase[^]*Permission is hereby granted/,
    );
  });
});

describe('Package without a licence', () => {
  const plant = (name: string, manifest: object, licence?: string): string => {
    const place = join(folder, 'planted', 'node_modules', name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), JSON.stringify({ name, version: '1.0.0', ...manifest }));
    if (licence !== undefined) writeFileSync(join(place, 'LICENCE.md'), licence);
    return place;
  };

  it('or without its text fails the build, which names the package', () => {
    const good = plant('good', { license: 'MIT', dependencies: { textless: '*' } }, 'words');
    plant('textless', { license: 'MIT', optionalDependencies: { unlicensed: '*', 'for-another-system': '*' } });
    plant('unlicensed', {}, 'words');
    writeFileSync(join(folder, 'planted', 'package.json'), JSON.stringify({ dependencies: { good: '*' } }));
    expect(licencesOf([good])).toEqual([{ name: 'good', version: '1.0.0', licence: 'MIT', text: 'words' }]);
    const needed = runtimePackages(join(folder, 'planted'));
    expect(needed).toHaveLength(3);
    expect(() => licencesOf(needed)).toThrow(
      'These packages come without a licence or its text: textless 1.0.0, unlicensed 1.0.0.',
    );
  });
});
