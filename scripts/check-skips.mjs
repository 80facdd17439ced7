// Fails CI if a test was skipped there: nothing is missing in CI, so a skipped test would never run.
// Usage: node scripts/check-skips.mjs (reads what npm test left in build/test-results.json)
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT, say } from './setup.mjs';

/** Tests that may be skipped in CI too; their names say what a machine must have for them. */
const MAY_BE_SKIPPED = [
  // Only root may create network namespaces, on a kernel that allows them.
  'if network namespaces are allowed',
  // Electron's binary is no npm package: it is downloaded from elsewhere, which not every machine may.
  'no Electron binary',
];

/** @typedef {{ status: string, fullName: string }} Test */
/** @type {{ testResults: { name: string, assertionResults: Test[] }[] }} */
const report = /** @type {typeof report} */ (
  JSON.parse(readFileSync(process.argv[2] ?? join(ROOT, 'build', 'test-results.json'), 'utf8'))
);
/** @type {string[]} */
const skipped = [];
for (const file of report.testResults) {
  for (const test of file.assertionResults) {
    if (['passed', 'failed'].includes(test.status) || MAY_BE_SKIPPED.some((part) => test.fullName.includes(part)))
      continue;
    skipped.push(`${relative(ROOT, file.name)}: ${test.fullName}`);
  }
}
for (const name of skipped) say(`Skipped, though nothing may be skipped here: ${name}`);
process.exitCode = skipped.length === 0 ? 0 : 1;
