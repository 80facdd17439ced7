import { rm } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cases } from '../support/suite.ts';
import { gateOn, plantProject } from './planted-project.ts';

const PLACES = {
  shared: 'src/shared/protocol/',
  'client-api': 'src/shared/client-api/',
  core: 'src/core/',
  node: 'src/node/',
  host: 'src/host/',
  main: 'src/main/',
  browser: 'src/browser/',
  terminal: 'src/terminal/',
  preload: 'src/preload/',
  renderer: 'src/renderer/',
  server: 'server/src/server.ts',
  config: 'server/src/config.ts',
  transport: 'server/src/transport/',
  connection: 'server/src/transport/connection.ts',
  session: 'server/src/session/',
  commands: 'server/src/commands/',
  domain: 'server/src/domain/',
  sqlite: 'server/src/store/sqlite/',
  store: 'server/src/store/store.ts',
  local: 'server/src/bus/local/',
  bus: 'server/src/bus/bus.ts',
  metrics: 'server/src/ops/metrics/',
  log: 'server/src/ops/log.ts',
};
type Place = keyof typeof PLACES;
const NAMES = Object.keys(PLACES) as Place[];

/** The arrows of ARCHITECTURE.md: what a place may import. Every other pair is forbidden, and is planted too. */
const ALLOWED: Record<Place, Place[]> = {
  shared: ['client-api'],
  'client-api': ['shared'],
  core: ['shared', 'client-api'],
  node: ['core', 'shared', 'client-api'],
  host: ['node', 'core', 'shared', 'client-api'],
  main: ['host', 'node', 'core', 'shared', 'client-api'],
  browser: ['host', 'node', 'core', 'shared', 'client-api'],
  terminal: ['node', 'core', 'shared', 'client-api'],
  preload: [],
  renderer: ['client-api'],
  server: NAMES.filter((name) => PLACES[name].startsWith('server/') || PLACES[name].startsWith('src/shared/')),
  config: ['shared', 'client-api'],
  transport: ['session', 'commands', 'domain', 'config', 'connection', 'shared', 'client-api'],
  connection: ['transport', 'session', 'commands', 'domain', 'config', 'shared', 'client-api'],
  session: ['commands', 'domain', 'config', 'store', 'shared', 'client-api'],
  commands: ['domain', 'config', 'shared', 'client-api'],
  domain: ['shared', 'client-api'],
  sqlite: ['store', 'config', 'shared', 'client-api'],
  store: ['sqlite', 'config', 'shared', 'client-api'],
  local: ['bus', 'config', 'shared', 'client-api'],
  bus: ['local', 'config', 'shared', 'client-api'],
  metrics: ['log', 'config', 'shared', 'client-api'],
  log: ['metrics', 'config', 'shared', 'client-api'],
};

/** Further places that a place may import by `import type`. */
const TYPES_TOO: Partial<Record<Place, Place[]>> = {
  preload: ['client-api'],
  transport: ['log'],
  session: ['connection', 'bus', 'log'],
  commands: ['store', 'bus', 'log'],
  domain: ['store', 'bus'],
  sqlite: ['domain', 'log'],
  local: ['domain', 'log'],
  metrics: ['domain', 'store', 'bus'],
};

const isFolder = (place: Place): boolean => PLACES[place].endsWith('/');
const target = (place: Place): string => (isFolder(place) ? `${PLACES[place]}target.ts` : PLACES[place]);
/** File of a place that holds imports of one kind; a place of one file has room for one kind only. */
const importer = (place: Place, kind: string): string =>
  isFolder(place) ? `${PLACES[place]}${kind}.ts` : PLACES[place];
const pathTo = (from: string, to: string): string => `./${relative(dirname(from), to)}`;

const importing = (from: string, others: Place[], keyword: string): string =>
  others.map((other) => `${keyword} '${pathTo(from, target(other))}';\n`).join('');

/** Everybody imports everything, in both ways. */
function tangle(): Record<string, string> {
  const files: Record<string, string> = {};
  for (const place of NAMES) {
    const others = NAMES.filter((other) => other !== place);
    const byValue = importer(place, 'by-value');
    files[target(place)] = 'export const target = 1;\n';
    files[byValue] = `${importing(byValue, others, 'import')}export const target = 1;\n`;
    if (!isFolder(place)) continue;
    const byType = importer(place, 'by-type');
    files[byType] = `${importing(byType, others, 'import type {} from')}export {};\n`;
  }
  return files;
}

function forbiddenPairs(): string[] {
  return NAMES.flatMap((place) =>
    NAMES.filter((other) => other !== place).flatMap((other) => {
      if (ALLOWED[place].includes(other)) return [];
      const byValue = `${importer(place, 'by-value')} → ${target(other)}`;
      const typesToo = TYPES_TOO[place]?.includes(other) ?? false;
      return isFolder(place) && !typesToo ? [byValue, `${importer(place, 'by-type')} → ${target(other)}`] : [byValue];
    }),
  );
}

/** Imports that a rule other than an arrow refuses: fault, rule, file, import. */
const FAULTS: readonly [what: string, rule: string, path: string, imported: string][] = [
  ['a Node module in the shared layer', 'node modules at the rim', 'src/shared/fault.ts', 'node:fs'],
  ['a Node module in the core', 'node modules at the rim', 'src/core/fault.ts', 'node:crypto'],
  ['a Node module in the domain', 'node modules at the rim', 'server/src/domain/fault.ts', 'node:crypto'],
  ['a Node module in a command', 'node modules at the rim', 'server/src/commands/fault.ts', 'node:timers'],
  ['a Node module in the session', 'node modules at the rim', 'server/src/session/fault.ts', 'node:net'],
  ['a package with native code in the core', 'packages: src/core/', 'src/core/fault-package.ts', 'libsql'],
  [
    'a package with native code in the domain',
    'packages: server/src/domain/',
    'server/src/domain/fault-package.ts',
    'libsql',
  ],
  ['a development package in a program', 'what runs is a dependency', 'src/node/fault-package.ts', 'vitest'],
  ['an import of an entry file', 'nothing imports an entry file', 'src/node/fault-entry.ts', '../terminal/index.ts'],
  ['Electron outside of its shell', 'electron in its shell', 'src/host/fault.ts', 'electron'],
  ['an import that leads nowhere', 'resolvable', 'src/core/fault-nowhere.ts', './nowhere.ts'],
  ['a folder without arrows', 'every place has its arrow', 'src/elsewhere/fault.ts', '../shared/protocol/greeting.ts'],
];
const faultOf = ([, , path, imported]: (typeof FAULTS)[number]): Record<string, string> => ({
  [path]: `import '${imported}';\nexport {};\n`,
});

/** Modules that need each other. The tool reports each circle once, at its first module. */
const CIRCLES: Record<string, string> = {
  'src/core/one.ts': "import './two.ts';\nexport {};\n",
  'src/core/two.ts': "import './one.ts';\nexport {};\n",
};

async function violationsOf(files: Record<string, string>): Promise<{ passed: boolean; lines: string[] }> {
  const folder = await plantProject(files);
  onTestFinished(() => rm(folder, { recursive: true }));
  const { passed, output } = await gateOn(folder, 'arrows');
  return { passed, lines: output.trim().split('\n') };
}

/** A violation by a rule, of a file, as the gate prints it. */
const violation = (path: string, rule: string): unknown =>
  expect.stringMatching(new RegExp(`^${path} → .*\\(${rule}\\)$`));

describe('Gate "arrows"', () => {
  it('allows every arrow and refuses every other import, circles and faults of each kind, all in one project', async () => {
    const { passed, lines } = await violationsOf({
      ...tangle(),
      ...Object.assign({}, ...FAULTS.map(faultOf)),
      ...CIRCLES,
    });
    expect(passed).toBe(false);
    const refused = lines.flatMap((line) => /^(.* → .*) {2}\((?:arrow|types only): /.exec(line)?.[1] ?? []);
    const planted = [...new Set(refused)].filter((line) => !/\/fault[-.]/.test(line));
    expect(planted.toSorted()).toEqual(forbiddenPairs().toSorted());
    for (const [what, rule, path] of FAULTS) expect(lines, what).toContainEqual(violation(path, rule));
    for (const path of ['src/core/one.ts']) expect(lines).toContainEqual(violation(path, 'no cycles'));
  });

  it.each(cases([], FAULTS))('refuses %s', async (...fault) => {
    const { passed, lines } = await violationsOf(faultOf(fault));
    expect(passed).toBe(false);
    expect(lines).toContainEqual(violation(fault[2], fault[1]));
  });

  it('refuses a cycle of type imports', async () => {
    const { passed, lines } = await violationsOf({
      'src/core/one.ts': "import type { Two } from './two.ts';\nexport interface One {\n  readonly two: Two;\n}\n",
      'src/core/two.ts': "import type { One } from './one.ts';\nexport interface Two {\n  readonly one: One;\n}\n",
    });
    expect(passed).toBe(false);
    expect(lines).toContain('src/core/one.ts → src/core/two.ts  (no cycles)');
  });

  it('fails if the tool could read no module', async () => {
    // A configuration that reads nothing stands for a TypeScript that the tool does not know.
    const { passed, lines } = await violationsOf({
      '.dependency-cruiser.cjs': "module.exports = { forbidden: [], options: { includeOnly: '^nothing' } };\n",
    });
    expect(passed).toBe(false);
    expect(lines).toContain('src/core/client.ts was not read by dependency-cruiser.');
  });

  it('fails if there are no files', async () => {
    const folder = await plantProject({});
    onTestFinished(() => rm(folder, { recursive: true }));
    for (const name of ['src', 'server']) await rm(`${folder}/${name}`, { recursive: true });
    const { passed, output } = await gateOn(folder, 'arrows');
    expect(passed).toBe(false);
    expect(output).toContain('No module to check');
  });
});
