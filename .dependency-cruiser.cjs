// The arrows of ARCHITECTURE.md as rules: each place names everything it may import; the rest is forbidden.
// A name of a folder ends in '/'; '*' is any one name. `types` may be imported by `import type` only.

/** @type {{ place: string, may: string[], types?: string[] }[]} */
const ARROWS = [
  { place: 'src/shared/', may: [] },
  // No text for people: the core knows reasons, and src/shared/text words them.
  {
    place: 'src/core/',
    may: [
      'src/shared/protocol/',
      'src/shared/client-api/',
      'src/shared/limits.ts',
      'src/shared/token-bucket.ts',
      'src/shared/ip-address.ts',
    ],
  },
  { place: 'src/node/', may: ['src/core/', 'src/shared/'] },
  { place: 'src/host/', may: ['src/node/', 'src/core/', 'src/shared/'] },
  { place: 'src/main/', may: ['src/host/', 'src/node/', 'src/core/', 'src/shared/'] },
  { place: 'src/browser/', may: ['src/host/', 'src/node/', 'src/core/', 'src/shared/'] },
  { place: 'src/terminal/', may: ['src/node/', 'src/core/', 'src/shared/'] },
  { place: 'src/preload/', may: [], types: ['src/shared/client-api/', 'src/shared/host-api/'] },
  {
    place: 'src/renderer/',
    may: ['src/shared/client-api/', 'src/shared/host-api/', 'src/shared/text/', 'src/shared/ip-address.ts'],
  },

  // The entry file, the composition root, and the small adapters that it puts in place.
  { place: 'server/src/*.ts', may: ['src/shared/', 'server/src/'] },
  { place: 'server/src/config.ts', may: ['src/shared/'] },
  {
    place: 'server/src/transport/',
    may: ['src/shared/', 'server/src/config.ts', 'server/src/session/', 'server/src/commands/', 'server/src/domain/'],
    types: ['server/src/ops/log.ts'],
  },
  {
    place: 'server/src/session/',
    // Of the store, only that a write may fail (StorageError) is more than a type.
    may: [
      'src/shared/',
      'server/src/config.ts',
      'server/src/commands/',
      'server/src/domain/',
      'server/src/store/store.ts',
    ],
    types: ['server/src/ops/log.ts', 'server/src/bus/bus.ts', 'server/src/transport/connection.ts'],
  },
  {
    place: 'server/src/commands/',
    may: ['src/shared/', 'server/src/config.ts', 'server/src/domain/'],
    types: ['server/src/ops/log.ts', 'server/src/store/store.ts', 'server/src/bus/bus.ts'],
  },
  { place: 'server/src/domain/', may: ['src/shared/'], types: ['server/src/store/store.ts', 'server/src/bus/bus.ts'] },
  {
    place: 'server/src/store/',
    may: ['src/shared/', 'server/src/config.ts'],
    types: ['server/src/domain/', 'server/src/ops/log.ts'],
  },
  {
    place: 'server/src/bus/',
    may: ['src/shared/', 'server/src/config.ts'],
    types: ['server/src/domain/', 'server/src/ops/log.ts'],
  },
  {
    place: 'server/src/ops/',
    may: ['src/shared/', 'server/src/config.ts'],
    types: ['server/src/domain/', 'server/src/store/store.ts', 'server/src/bus/bus.ts'],
  },
];

/** Places that may use Node's own modules (invariant 1). */
const NODE_PLACES = [
  'src/node/',
  'src/host/',
  'src/main/',
  'src/browser/',
  'src/terminal/',
  'server/src/transport/',
  'server/src/store/',
  'server/src/bus/',
  'server/src/ops/',
  'server/src/index.ts',
  'server/src/run.ts',
  'server/src/node-crypto.ts',
  'server/src/parse-config.ts',
  // A build's configuration, no part of the window.
  'src/renderer/vite.config.ts',
];

/**
 * Packages that a layer without Node may use: pure ones only.
 * @type {Record<string, string[]>}
 */
const PURE_PACKAGES = {
  'src/shared/': ['ipaddr.js', 'zod'],
  'src/core/': ['ipaddr.js', 'zod'],
  'server/src/domain/': ['bidi-js', 'unicode-confusables'],
  'server/src/commands/': ['zod'],
  'server/src/session/': ['zod'],
};

/** @param {string} text */
const escape = (text) => text.replace(/[.\\/]/g, '\\$&').replaceAll('*', '[^/]+');
/**
 * A pattern for any of several places, from the start of a path.
 * @param {string[]} places
 */
const within = (places) => `^(${places.map((place) => escape(place) + (place.endsWith('/') ? '' : '$')).join('|')})`;
const OWN = '^(src|server/src|tests|bench|scripts)/';

const arrows = ARROWS.flatMap(({ place, may, types = [] }) => [
  {
    name: `arrow: ${place}`,
    comment: `${place} imports only itself${may.map((other) => `, ${other}`).join('')}; see "Arrows" in ARCHITECTURE.md.`,
    severity: 'error',
    from: { path: within([place]) },
    to: { path: OWN, pathNot: within([place, ...may, ...types]) },
  },
  ...(types.length === 0
    ? []
    : [
        {
          name: `types only: ${place}`,
          comment: `${place} takes types, not code, from ${types.join(', ')}.`,
          severity: 'error',
          from: { path: within([place]) },
          to: {
            path: within(types),
            pathNot: within([place, ...may]),
            dependencyTypesNot: ['type-only'],
          },
        },
      ]),
]);

const packages = Object.entries(PURE_PACKAGES).map(([place, names]) => ({
  name: `packages: ${place}`,
  comment: `${place} runs without Node: of packages it uses only ${names.join(', ')}.`,
  severity: 'error',
  from: { path: within([place]) },
  to: {
    dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-no-pkg', 'npm-unknown'],
    pathNot: `^node_modules/(${names.map(escape).join('|')})/`,
  },
}));

module.exports = {
  forbidden: [
    ...arrows,
    ...packages,
    {
      name: 'nothing imports an entry file',
      comment: 'What others need of an entry file belongs in a module of its own.',
      severity: 'error',
      from: {},
      to: { path: '^(src/[^/]+|server/src)/index\\.tsx?$' },
    },
    {
      name: 'every place has its arrow',
      comment: 'A folder that .dependency-cruiser.cjs does not name would go unchecked. Name it there.',
      severity: 'error',
      from: { path: '^(src|server/src)/', pathNot: within(ARROWS.map(({ place }) => place)) },
      to: {},
    },
    {
      name: 'node modules at the rim',
      comment: 'Sockets, files, timers and the clock belong to the rim (invariant 1); pass them in as arguments.',
      severity: 'error',
      from: { path: '^(src|server/src)/', pathNot: within(NODE_PLACES) },
      to: { dependencyTypes: ['core'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no cycles',
      comment: 'Modules that import each other, also only types, are one module or lack a third.',
      severity: 'error',
      from: { path: '^(src|server/src)/' },
      to: { circular: true },
    },
    {
      name: 'what runs is a dependency',
      comment: 'A package used by a program belongs in dependencies, or it is missing where the program is installed.',
      severity: 'error',
      from: { path: '^(src|server/src)/', pathNot: '^src/renderer/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: '(^|/)node_modules/electron/',
      },
    },
    {
      name: 'electron in its shell',
      comment: 'Electron brings itself; only its main process and the preload script know it.',
      severity: 'error',
      from: { path: '^(src|server/src)/', pathNot: '^src/(main|preload)/' },
      to: { path: '(^|/)node_modules/electron/' },
    },
    {
      name: 'resolvable',
      comment: 'This import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.d.ts'],
    },
  },
};
