// The hooks of Git (.githooks), which the set-up switches on.
// Usage: node scripts/check-commit.mjs staged | node scripts/check-commit.mjs message FILE
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, say } from './setup.mjs';

const SUBJECT_LENGTH_MAX = 72;
const MODULES = join(ROOT, 'node_modules');
const CHECKS = [
  { tool: join(MODULES, '@biomejs', 'biome', 'bin', 'biome'), args: ['format'], files: /\.(?:tsx?|mjs|cjs|json|css)$/ },
  { tool: join(MODULES, 'oxlint', 'bin', 'oxlint'), args: ['--quiet'], files: /\.(?:tsx?|mjs|cjs)$/ },
];

/**
 * Git runs its hooks at the top of the working folder.
 * @returns {boolean} whether format and lint pass for the staged files, as they are in the working folder
 */
function checkStaged() {
  const list = ['diff', '--cached', '--name-only', '-z', '--diff-filter=ACMR'];
  const staged = spawnSync('git', list, { encoding: 'utf8' }).stdout.split('\0');
  const results = CHECKS.map(({ tool, args, files }) => {
    const matching = staged.filter((file) => files.test(file));
    // A clone without packages has no tools yet; the gates check the files later.
    if (matching.length === 0 || !existsSync(tool)) return true;
    return spawnSync(process.execPath, [tool, ...args, ...matching], { stdio: 'inherit' }).status === 0;
  });
  return results.every((passed) => passed);
}

/**
 * @param {string} file with the message of a commit
 * @returns {boolean}
 */
function checkMessage(file) {
  const subject =
    readFileSync(file, 'utf8')
      .split('\n')
      .find((line) => !line.startsWith('#')) ?? '';
  const problems = [
    ...(subject.length > SUBJECT_LENGTH_MAX ? [`has ${subject.length} characters, at most ${SUBJECT_LENGTH_MAX}`] : []),
    ...(subject.endsWith('.') ? ['ends with a full stop'] : []),
  ];
  for (const problem of problems) say(`The subject of the commit ${problem}: ${subject}`);
  return problems.length === 0;
}

const [what, file = ''] = process.argv.slice(2);
process.exitCode = (what === 'message' ? checkMessage(file) : checkStaged()) ? 0 : 1;
