import { afterEach, beforeEach } from 'vitest';

/** Adds the processor time of each test to its entry in the report, in milliseconds; `scripts/test.mjs` judges it. */
let before = process.cpuUsage();

beforeEach(() => {
  before = process.cpuUsage();
});

afterEach(({ task }) => {
  const { user, system } = process.cpuUsage(before);
  Object.assign(task.meta, { cpuMs: Math.round((user + system) / 1_000) });
});
