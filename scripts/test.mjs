// npm test [-- Vitest's filters and options]: set-up, gates, build, tests. The last line counts them all together.
// Usage: node scripts/test.mjs [--fast | --all] [...]
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GATES, runGates } from './gates.mjs';
import { ROOT, run, say, setUp } from './setup.mjs';
import { tooSlow } from './slow-tests.mjs';

const REPORT = join(ROOT, 'build', 'test-results.json');
const options = process.argv.slice(2);
const suite = options.includes('--fast') ? 'fast' : options.includes('--all') ? 'all' : 'usual';

await setUp({ build: false });
const gates = await runGates(GATES);
if (suite !== 'fast') await setUp({ build: true });

mkdirSync(dirname(REPORT), { recursive: true });
rmSync(REPORT, { force: true });
const code = await run(
  process.execPath,
  [
    join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${REPORT}`,
    ...options.filter((option) => option !== '--fast' && option !== '--all'),
  ],
  { env: { ...process.env, ASIDE_SUITE: suite } },
);

/** @typedef {Record<'numPassedTests' | 'numFailedTests' | 'numPendingTests' | 'numTodoTests', number>} Counts */
/** @typedef {Counts & Parameters<typeof tooSlow>[0]} Report */

/** @returns {{ passed: number, failed: number, skipped: number }} */
function count() {
  try {
    const report = /** @type {Report} */ (JSON.parse(readFileSync(REPORT, 'utf8')));
    const slow = tooSlow(report, ROOT);
    for (const line of slow) say(`${line} List it in scripts/slow-tests.mjs with a reason, or make it faster.`);
    const skipped = report.numPendingTests + report.numTodoTests;
    // A file that could not run, or an error outside any test, has no failed test to its name.
    const failed = Math.max(report.numFailedTests, code === 0 ? 0 : 1) + slow.length;
    return { passed: report.numPassedTests - slow.length, failed, skipped };
  } catch {
    say('Vitest left no report.');
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const tests = count();
const failed = tests.failed + gates.failed;
process.stdout.write(`\n${tests.passed + gates.passed} passed, ${failed} failed, ${tests.skipped} skipped\n`);
process.exitCode = failed === 0 ? 0 : 1;
