// npm test [-- vitest's filters and options]: set-up, gates, build, tests. The last line counts them all together.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GATES, runGates } from './gates.mjs';
import { ROOT, run, say, setUp } from './setup.mjs';

const REPORT = join(ROOT, 'build', 'test-results.json');

await setUp({ build: false });
const gates = await runGates(GATES);
await setUp({ build: true });

mkdirSync(dirname(REPORT), { recursive: true });
rmSync(REPORT, { force: true });
const code = await run(process.execPath, [
  join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${REPORT}`,
  ...process.argv.slice(2),
]);

/** @typedef {Record<'numPassedTests' | 'numFailedTests' | 'numPendingTests' | 'numTodoTests', number>} Report */

/** @returns {{ passed: number, failed: number, skipped: number }} */
function count() {
  try {
    const report = /** @type {Report} */ (JSON.parse(readFileSync(REPORT, 'utf8')));
    const skipped = report.numPendingTests + report.numTodoTests;
    // A file that could not be run, or an error outside any test, has no failed test to its name.
    const failed = Math.max(report.numFailedTests, code === 0 ? 0 : 1);
    return { passed: report.numPassedTests, failed, skipped };
  } catch {
    say('vitest left no report.');
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const tests = count();
const failed = tests.failed + gates.failed;
process.stdout.write(`\n${tests.passed + gates.passed} passed, ${failed} failed, ${tests.skipped} skipped\n`);
process.exitCode = failed === 0 ? 0 : 1;
