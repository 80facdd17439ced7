// The gates: what must hold before a test is run. Each proves itself in tests/architecture by failing on a planted
// violation.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './setup.mjs';

const MODULES = join(ROOT, 'node_modules');

/** Programs are started by path, not through npx: it costs half a second each, and asks the network when one is missing. */
const TSC = join(MODULES, '@typescript', 'native', 'bin', 'tsc');

/** @type {readonly { name: string, what: string, args: readonly string[] }[]} */
export const GATES = [
  { name: 'types', what: 'every layer compiles, with only the globals it may use', args: [TSC, '-b'] },
  {
    name: 'lint',
    what: 'no bug that a type-aware linter can see',
    args: [join(MODULES, 'oxlint', 'bin', 'oxlint'), '--quiet'],
  },
  {
    name: 'format',
    what: 'formatted (npm run format mends it)',
    args: [join(MODULES, '@biomejs', 'biome', 'bin', 'biome'), 'format', '.'],
  },
  {
    name: 'unused',
    what: 'no file, export or package that nobody uses',
    args: [join(MODULES, 'knip', 'bin', 'knip.js')],
  },
  { name: 'arrows', what: 'layers import only what they may', args: [join(ROOT, 'scripts', 'check-arrows.mjs')] },
  {
    name: 'language',
    what: 'comments, test titles and documents name their subjects',
    args: [join(ROOT, 'scripts', 'check-language.mjs')],
  },
];

/**
 * @param {(typeof GATES)[number]} gate
 * @param {string} [root] the project to check
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ passed: boolean, output: string, seconds: number }>}
 */
export function runGate(gate, root = ROOT, env = process.env) {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...gate.args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ passed: code === 0, output, seconds: (performance.now() - started) / 1_000 }),
    );
  });
}

/** As many as two processors run well; the slowest is started first. */
const AT_ONCE = 2;

/**
 * Runs gates, two at a time, and prints how each went; the output of a gate is shown only when it fails.
 * @param {readonly (typeof GATES)[number][]} gates
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runGates(gates) {
  let failed = 0;
  const waiting = gates.values();
  const worker = async () => {
    for (const gate of waiting) {
      const { passed, output, seconds } = await runGate(gate);
      process.stdout.write(
        `${passed ? 'ok    ' : 'FAILED'} ${gate.name.padEnd(8)} ${gate.what} (${seconds.toFixed(1)} s)\n`,
      );
      if (passed) continue;
      failed++;
      process.stdout.write(`${output.trimEnd()}\n`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { passed: gates.length - failed, failed };
}
