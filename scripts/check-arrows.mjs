// Checks the arrows of ARCHITECTURE.md. dependency-cruiser says "no violations" also when it could read no module at
// all (it does so with a TypeScript that it doesn't know); that counts as a failure here.
// Usage: node scripts/check-arrows.mjs (in the folder that has src and server/src)
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, say } from './setup.mjs';

const CRUISER = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
const FOLDERS = ['src', 'server/src'];
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;

/** @typedef {{ from: string, to: string, rule: { name: string } }} Violation */
/** @typedef {{ modules: { source: string }[], summary: { violations: Violation[] } }} Report */

/**
 * @param {string} root
 * @param {string} folder relative to root
 * @returns {string[]} the TypeScript files below it, relative to root
 */
function sourceFiles(root, folder) {
  if (!statSync(join(root, folder), { throwIfNoEntry: false })) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sourceFiles(root, path);
    return /(?<!\.d)\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/**
 * @param {string} root
 * @param {string[]} folders relative to root
 * @returns {Report | string} what went wrong, where there is no report
 */
function cruise(root, folders) {
  const args = [CRUISER, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  try {
    return /** @type {Report} */ (JSON.parse(stdout));
  } catch {
    return `dependency-cruiser failed.\n${stderr}`;
  }
}

/**
 * @param {string} root
 * @returns {{ problems: string[], modules: number }}
 */
function check(root) {
  const folders = FOLDERS.filter((folder) => sourceFiles(root, folder).length > 0);
  const files = folders.flatMap((folder) => sourceFiles(root, folder));
  if (files.length === 0)
    return { problems: [`No module to check in ${root}: ${FOLDERS.join(' and ')} have none.`], modules: 0 };
  const report = cruise(root, folders);
  if (typeof report === 'string') return { problems: [report], modules: 0 };
  const read = new Set(report.modules.map((module) => module.source));
  const problems = [
    ...report.summary.violations.map(({ from, to, rule }) => `${from} → ${to}  (${rule.name})`),
    ...files.filter((file) => !read.has(file)).map((file) => `${file} was not read by dependency-cruiser.`),
  ];
  return { problems, modules: files.length };
}

const { problems, modules } = check(process.cwd());
say(problems.length > 0 ? problems.join('\n') : `${modules} modules, every arrow allowed.`);
// Not process.exit: it would cut off what is still on its way through a pipe.
process.exitCode = problems.length > 0 ? 1 : 0;
