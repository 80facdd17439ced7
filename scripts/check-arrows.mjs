// Checks the arrows of ARCHITECTURE.md. dependency-cruiser says "no violations" also when it could read no module at
// all (it does so with a TypeScript that it doesn't know); that counts as a failure here.
// Usage: node scripts/check-arrows.mjs (in the folder that has src and server/src)
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, say } from './setup.mjs';

const root = process.cwd();

/**
 * @param {string} folder relative to root
 * @returns {string[]} the TypeScript files below it
 */
function sourceFiles(folder) {
  if (!statSync(join(root, folder), { throwIfNoEntry: false })) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sourceFiles(path);
    return /(?<!\.d)\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

const cruiser = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
const folders = ['src', 'server/src'].filter((folder) => sourceFiles(folder).length > 0);
const expected = folders.flatMap(sourceFiles);
if (expected.length === 0) {
  say(`No module to check in ${root}: src and server/src have none.`);
  process.exit(1);
}
const args = [cruiser, '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', ...folders];
const cruised = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
/** @type {{ modules: { source: string }[], summary: { violations: { from: string, to: string, rule: { name: string } }[] } }} */
let report;
try {
  report = /** @type {typeof report} */ (JSON.parse(cruised.stdout));
} catch {
  say(`dependency-cruiser failed.\n${cruised.stderr}`);
  process.exit(1);
}
const seen = new Set(report.modules.map((module) => module.source));
const unseen = expected.filter((file) => !seen.has(file));
const { violations } = report.summary;
for (const { from, to, rule } of violations) say(`${from} → ${to}  (${rule.name})`);
for (const file of unseen) say(`${file} was not read by dependency-cruiser.`);
if (violations.length > 0 || unseen.length > 0) process.exit(1);
say(`${expected.length} modules, every arrow allowed.`);
