import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GATES, runGate } from '../../scripts/gates.mjs';
import { ROOT } from '../../scripts/setup.mjs';

/** The real configuration, copied as it is: what is proved holds for the project itself. */
const CONFIGURATION = [
  '.dependency-cruiser.cjs',
  '.gitignore',
  '.oxlintrc.json',
  'biome.json',
  'knip.json',
  'src/shared/globals.d.ts',
  'tsconfig.base.json',
  'tsconfig.json',
  'vitest.config.ts',
];

/** A small program in the project's layers that passes every gate. */
const CLEAN: Record<string, string> = {
  'src/shared/protocol/greeting.ts': 'export const greeting = (name: string): string => `Hello ${name}`;\n',
  'src/core/client.ts':
    "import { greeting } from '../shared/protocol/greeting.ts';\n\nexport const hello = (): string => greeting('core');\n",
  'src/node/clock.ts': 'export const now = (): number => Date.now();\n',
  'src/terminal/index.ts':
    "import { hello } from '../core/client.ts';\nimport { now } from '../node/clock.ts';\n\nprocess.stdout.write(`${hello()} ${now()}\\n`);\n",
  'server/src/domain/answer.ts':
    "import { greeting } from '../../../src/shared/protocol/greeting.ts';\n\nexport const answer = (): string => greeting('server');\n",
  'server/src/index.ts': "import { answer } from './domain/answer.ts';\n\nprocess.stdout.write(answer());\n",
  'server/src/store/sqlite/store-worker.ts': 'process.exitCode = 0;\n',
  'scripts/slow-tests.mjs': "/** @param {string} file */\nexport const isListed = (file) => file === '';\n",
  'scripts/start.mjs': 'process.exitCode = 0;\n',
  'bench/run.mjs': 'process.exitCode = 0;\n',
  'tests/support/measure-cpu.ts': 'export {};\n',
  'tests/clean.test.ts': "import { it } from 'vitest';\n\nit('is clean', () => {});\n",
};

/** The gates' own packages; those of the real project's code would be unused here. */
const TOOLS = [
  '@biomejs/biome',
  '@types/node',
  '@typescript/native',
  'dependency-cruiser',
  'knip',
  'oxlint',
  'oxlint-tsgolint',
  'typescript',
  'vitest',
];

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(join(ROOT, file), 'utf8')) as T;
}

/**
 * Makes a project with the real configuration of the gates.
 * @param planted files beyond, or instead of, the clean ones: path → content
 * @param packages dependencies of its package.json: name → version
 * @returns its folder, which the caller removes
 */
export async function plantProject(
  planted: Record<string, string>,
  packages: Record<string, string> = {},
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aside-gates-'));
  const put = async (path: string, content: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const { references } = await readJson<{ references: { path: string }[] }>('tsconfig.json');
  const layers = references.map(({ path }) => `${path}/tsconfig.json`);
  for (const file of [...CONFIGURATION, ...layers]) await cp(join(ROOT, file), join(folder, file));
  const real = await readJson<{ devDependencies: Record<string, string> }>('package.json');
  const tools = Object.fromEntries(TOOLS.map((name) => [name, real.devDependencies[name]]));
  const own = { ...real, dependencies: packages, devDependencies: tools };
  await put('package.json', `${JSON.stringify(own, null, 2)}\n`);
  for (const [path, content] of Object.entries({ ...CLEAN, ...planted })) await put(path, content);
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return folder;
}

/** In CI the tools print colours or annotations; the tests read their plain output. */
const PLAIN_OUTPUT = {
  ...process.env,
  CI: undefined,
  FORCE_COLOR: undefined,
  GITHUB_ACTIONS: undefined,
  NO_COLOR: '1',
};

/** Runs one of the real gates on a planted project. */
export function gateOn(folder: string, name: string): Promise<{ passed: boolean; output: string }> {
  const gate = GATES.find((candidate) => candidate.name === name);
  if (!gate) throw new Error(`There is no gate ${name}.`);
  return runGate(gate, folder, PLAIN_OUTPUT);
}
