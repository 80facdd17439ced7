// Unit tests that may take more than a second of processor time, each with the reason.
// A unit test beyond the limit that is not listed here fails the run: make it faster, or move it out of tests/unit.

/**
 * Limit for the processor time of a unit test, milliseconds, on a quiet reference machine. A waiting test costs no
 * processor time.
 */
export const UNIT_TEST_MS = 1_000;
/** Processor time of the reference work of tests/support/measure-cpu.ts on that machine, milliseconds. */
const REFERENCE_MS = 41;
/** Part of the limit that a repeated measurement may differ by. */
const TOLERANCE = 0.25;

/** @type {Readonly<Record<string, string>>} file, or file and title → reason */
const SLOW_TESTS = {
  'tests/unit/node/vault.test.ts': 'encrypts whole profiles again and again, and derives one key at the standard cost',
  'tests/unit/host/passphrase.test.ts': 'encrypts a history that is long enough to be stopped in the middle',
  'tests/unit/server/store/store-model.test.ts': 'compares random sequences of writes and restarts with a model',
  'tests/unit/renderer/search.test.ts': 'scrolls through more results than a page holds',
  'tests/unit/renderer/private.test.ts': 'types texts key by key, and jsdom updates the page after each',
  'tests/unit/renderer/palette.test.ts': 'types texts key by key, and jsdom updates the page after each',
  'tests/unit/renderer/shortcuts.test.ts':
    'opens the emoji picker, and jsdom computes the styles of hundreds of buttons',
  'tests/unit/renderer/licences.test.ts': 'has a module graph of its own, which the first test loads',
  'tests/unit/server/transport/relay.test.ts': 'fills the buffers of a tunnel until it stalls',
};

/**
 * `npm run test:fast` leaves such a file out.
 * @param {string} file relative to the project, with slashes
 */
export const isListed = (file) => Object.hasOwn(SLOW_TESTS, file);

/** @typedef {{ fullName: string, status: string, meta?: { cpuMs?: number, referenceMs?: number } }} Test */

/**
 * @param {Test['meta']} meta
 * @returns {number} processor time on the reference machine, milliseconds
 */
const comparableTime = ({ cpuMs = 0, referenceMs = REFERENCE_MS } = {}) =>
  (cpuMs * REFERENCE_MS) / Math.max(REFERENCE_MS, referenceMs);

/**
 * @param {{ testResults: { name: string, assertionResults: Test[] }[] }} report of Vitest
 * @param {string} root the project's folder, with which file names start
 * @param {Readonly<Record<string, string>>} [listed]
 * @returns {string[]} a line for each unit test that takes too long
 */
export function tooSlow(report, root, listed = SLOW_TESTS) {
  return report.testResults.flatMap(({ name, assertionResults }) => {
    const file = name.slice(root.length + 1).replaceAll('\\', '/');
    if (!file.startsWith('tests/unit/')) return [];
    return assertionResults.flatMap(({ fullName, meta }) => {
      const time = comparableTime(meta);
      if (
        time <= UNIT_TEST_MS * (1 + TOLERANCE) ||
        Object.hasOwn(listed, file) ||
        Object.hasOwn(listed, `${file} ${fullName}`)
      )
        return [];
      return [`${file}: "${fullName}" took ${(time / 1_000).toFixed(1)} s of processor time.`];
    });
  });
}
