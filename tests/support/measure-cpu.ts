import { afterEach, beforeEach } from 'vitest';
import { UNIT_TEST_MS } from '../../scripts/slow-tests.mjs';

/*
 * Adds the processor time of each test to its entry in the report, in milliseconds; `scripts/slow-tests.mjs` judges it.
 * On a busy or slow machine the same work takes more processor time, because programs share caches and cores. After a
 * slow test the same worker therefore measures a fixed piece of work, which shows by how much.
 */
let before = process.cpuUsage();

const ROWS = 4_000;
const ROUNDS = 10;
const WARM_UP_ROUNDS = 3;

/** Sorts, serialises, parses and indexes objects: a mixture like that of the tests. */
function work(): number {
  const rows = Array.from({ length: ROWS }, (_, index) => ({
    id: (index * 7_919) % (ROWS + 1),
    name: `user ${index}`,
    tags: [index % 7, index % 11],
  }));
  rows.sort((a, b) => a.id - b.id);
  const copy = JSON.parse(JSON.stringify(rows)) as typeof rows;
  return new Map(copy.map((row) => [row.name, row])).size;
}

/** Processor time since a reading of `process.cpuUsage()`, in milliseconds. */
function cpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return Math.round((user + system) / 1_000);
}

function measureReference(): number {
  for (let round = 0; round < WARM_UP_ROUNDS; round++) work();
  const start = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round++) work();
  return cpuSince(start);
}

beforeEach(() => {
  before = process.cpuUsage();
});

afterEach(({ task }) => {
  const cpuMs = cpuSince(before);
  const isUnit = task.file.name.replaceAll('\\', '/').startsWith('tests/unit/');
  Object.assign(task.meta, { cpuMs, ...(isUnit && cpuMs > UNIT_TEST_MS && { referenceMs: measureReference() }) });
});
