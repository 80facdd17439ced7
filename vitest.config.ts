import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { isListed } from './scripts/slow-tests.mjs';

/** The suite that runs; see tests/support/suite.ts. */
const SUITE = process.env.ASIDE_SUITE ?? 'all';

/** A test file that changes modules for all others needs a module graph of its own. */
const CHANGES_MODULES = /\bvi\.mock\(|\bsyncBuiltinESMExports\b|@vitest-environment/;
/** Folders and files whose tests need memory alone, or temporary files. */
const IN_MEMORY = [
  /^unit\/(?:shared|core|terminal|main|server)\//,
  /^integration\/server-(?:messages|presence|private|sign-in|silence|lines|faults)\.test/,
  /^conformance\//,
];
const CONFORMANCE = /^conformance\//;
/** Conformance tests that kill, restart or measure the server, or wait for its real time. */
const NEEDS_PROCESS = /^conformance\/.*(?:-process|\.long)\.test/;
const WINDOW = /^unit\/renderer\//;
/** Test files of `npm run test:fast` that need an own module graph; the rest of that suite is in memory. */
const FAST_TOO = /^unit\/(?:host|renderer)\/|^architecture\/(?:rules|documents|dependencies|licences)\.test/;
/** Test files that only `npm run test:all` runs. */
const LONG = /\.long\.test\.ts$/;
/** Test files that take longest: when they start last, everything else waits for one of them. */
const START_FIRST = /\/tests\/(?:e2e\/|integration\/(?:electron-|private-|terminal-))/;

class LongOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => START_FIRST.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const TESTS = join(import.meta.dirname, 'tests');
const groups: Record<'memory' | 'window' | 'machine' | 'process', string[]> = {
  memory: [],
  window: [],
  machine: [],
  process: [],
};
for (const entry of readdirSync(TESTS, { recursive: true, encoding: 'utf8' })) {
  const file = entry.replaceAll('\\', '/');
  if (!file.endsWith('.test.ts') || (LONG.test(file) && SUITE !== 'all')) continue;
  if (SUITE === 'fast' && isListed(`tests/${file}`)) continue;
  const isAlone = CHANGES_MODULES.test(readFileSync(join(TESTS, entry), 'utf8'));
  const needsProcess = NEEDS_PROCESS.test(file);
  if (CONFORMANCE.test(file) && (SUITE === 'all' || (needsProcess && SUITE !== 'fast'))) groups.process.push(file);
  if (needsProcess) continue;
  const isInMemory = IN_MEMORY.some((pattern) => pattern.test(file));
  if (!isAlone && isInMemory) groups.memory.push(file);
  else if (!isAlone && WINDOW.test(file)) groups.window.push(file);
  else if (SUITE !== 'fast' || isInMemory || FAST_TOO.test(file)) groups.machine.push(file);
}
const include = (files: readonly string[]): string[] => files.map((file) => `tests/${file}`);

const COMMON = {
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 20_000 } },
  setupFiles: ['./tests/support/measure-cpu.ts'],
};

export default defineConfig({
  test: {
    // Most of the time a test waits for a process, a browser or a rule's time.
    maxWorkers: 4,
    sequence: { sequencer: LongOnesFirst },
    projects: [
      {
        test: {
          ...COMMON,
          name: 'memory',
          include: include(groups.memory),
          isolate: false,
          env: { ASIDE_STAGE: 'memory' },
        },
      },
      {
        test: {
          ...COMMON,
          name: 'window',
          include: include(groups.window),
          isolate: false,
          environment: 'jsdom',
        },
      },
      { test: { ...COMMON, name: 'process', include: include(groups.process) } },
      { test: { ...COMMON, name: 'machine', include: include(groups.machine) } },
    ],
  },
});
