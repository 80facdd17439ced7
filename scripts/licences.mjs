// The licences of everything that people get with Aside, from what is installed: the list of the page "About".
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './setup.mjs';

/** @typedef {{ name: string, version: string, licence: string, text: string }} Licence */
/** @typedef {{ name?: string, version?: string, license?: string, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} Manifest */

/** Packages for one system each, which leave their text to the package that brings them. */
const TEXT_ELSEWHERE = [
  { prefix: '@libsql/', package: 'libsql' },
  { prefix: '@node-rs/argon2-', package: '@node-rs/argon2' },
];

/** Packages that say whose they are and that they are under MIT at the head of a file, and leave out the text. */
const MIT_BY_NOTICE = { 'qrcode-generator': 'dist/qrcode.mjs' };

/** Code that bundlers add by themselves, by the beginning of its name. */
const ADDED = { '\0vite/': 'vite', '\0rolldown/': 'rolldown' };

/** @param {string} folder @returns {Manifest} */
function manifestOf(folder) {
  return /** @type {Manifest} */ (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
}

/**
 * Folder of a package that another package depends on; undefined if it is not installed, as for another system.
 * @param {string} name
 * @param {string} from
 * @returns {string | undefined}
 */
function findPackage(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return found;
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * The folders of all packages that a program needs to run.
 * @param {string} root
 * @returns {string[]}
 */
export function runtimePackages(root) {
  /** @type {Set<string>} */
  const found = new Set();
  const waiting = Object.keys(manifestOf(root).dependencies ?? {}).map((name) => ({ name, from: root }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const folder = findPackage(next.name, next.from);
    if (folder === undefined || found.has(folder)) continue;
    found.add(folder);
    const { dependencies, optionalDependencies } = manifestOf(folder);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) waiting.push({ name, from: folder });
  }
  return [...found];
}

/**
 * The folder of the package that a module of a bundle comes from; undefined for one of our own.
 * @param {string} id
 * @param {string} root
 */
function packageOfModule(id, root) {
  const added = Object.entries(ADDED).find(([beginning]) => id.startsWith(beginning));
  if (added !== undefined) return findPackage(added[1], root);
  return /^.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+/.exec(id.replace(/^\0/, ''))?.[0];
}

/**
 * The packages whose styles a style sheet takes in.
 * @param {string} css
 * @param {string} root
 */
function packagesOfStyles(css, root) {
  const names = [...css.matchAll(/@import\s+['"]((?:@[\w.-]+\/)?[\w-][\w.-]*)/g)].map(([, name = '']) => name);
  return names.flatMap((name) => findPackage(name, root) ?? []);
}

/** @param {string} folder */
function textOf(folder) {
  const notice = Object.entries(MIT_BY_NOTICE).find(([name]) => folder.endsWith(name))?.[1];
  if (notice !== undefined) return textByNotice(readFileSync(join(folder, notice), 'utf8'));
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)([.-].*)?$/i.test(name));
  const texts = names.sort().map((name) => readFileSync(join(folder, name), 'utf8').trim());
  return texts.join('\n\n');
}

/** The comment at the head of a file, and the permission of MIT, which is the same for everybody. @param {string} source */
function textByNotice(source) {
  const head = /^(?:\/\/.*\n)+/.exec(source)?.[0] ?? '';
  const lines = head.split('\n').map((line) => line.replace(/^\/\/[ -]*/, '').trim());
  const mit = readFileSync(join(ROOT, 'LICENSE'), 'utf8');
  return `${lines.join('\n').trim()}\n\n${mit.slice(mit.indexOf('Permission is hereby granted')).trim()}`;
}

/**
 * Name, version, licence and its text of each package, in the order of names.
 * @param {readonly string[]} folders
 * @returns {Licence[]}
 * @throws Error naming all that have no licence or no text
 */
export function licencesOf(folders) {
  const wrong = [];
  /** @type {Map<string, Licence>} */
  const licences = new Map();
  for (const folder of folders) {
    const { name = '', version = '', license = '' } = manifestOf(folder);
    const brought = TEXT_ELSEWHERE.find(({ prefix }) => name.startsWith(prefix));
    const elsewhere = brought === undefined ? undefined : findPackage(brought.package, dirname(folder));
    const text = textOf(folder) || (elsewhere === undefined ? '' : textOf(elsewhere));
    if (text === '' || license === '') wrong.push(`${name} ${version}`);
    licences.set(`${name} ${version}`, { name, version, licence: license, text });
  }
  if (wrong.length > 0) throw new Error(`These packages come without a licence or its text: ${wrong.join(', ')}.`);
  return [...licences.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * Writes the list beside the bundle, as a module: a page of the app loads no data from anywhere.
 * @returns {import('vite').Plugin}
 */
export function licencesPlugin(root = ROOT) {
  return {
    name: 'aside-licences',
    generateBundle(_options, bundle) {
      const ids = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
      const styles = [...this.getModuleIds()].filter((id) => id.endsWith('.css'));
      const folders = new Set([
        ...runtimePackages(root),
        ...ids.flatMap((id) => packageOfModule(id, root) ?? []),
        ...styles.flatMap((id) => packagesOfStyles(readFileSync(id, 'utf8'), root)),
      ]);
      const own = { ...manifestOf(root), text: textOf(root) };
      const aside = { name: 'Aside', version: own.version ?? '', licence: own.license ?? '', text: own.text };
      const list = [aside, ...licencesOf([...folders])];
      this.emitFile({
        type: 'asset',
        fileName: 'assets/licences.js',
        source: `export default ${JSON.stringify(list)};\n`,
      });
    },
  };
}
