import { describe, expect, it } from 'vitest';
import { tooSlow } from '../../scripts/slow-tests.mjs';

const judge = (meta: { cpuMs: number; referenceMs?: number }, name = '/p/tests/unit/core/a.test.ts'): string[] =>
  tooSlow({ testResults: [{ name, assertionResults: [{ fullName: 'A test', status: 'passed', meta }] }] }, '/p', {
    'tests/unit/core/listed.test.ts': 'has a reason',
  });

describe('Limit for the time of a unit test', () => {
  it('refuses a test of more than a second of processor time, by name', () => {
    expect(judge({ cpuMs: 1_400, referenceMs: 41 })).toEqual([
      'tests/unit/core/a.test.ts: "A test" took 1.4 s of processor time.',
    ]);
  });

  it('allows a test within the limit, a listed test, and other tests than unit tests', () => {
    expect(judge({ cpuMs: 900 })).toEqual([]);
    expect(judge({ cpuMs: 9_000, referenceMs: 41 }, '/p/tests/unit/core/listed.test.ts')).toEqual([]);
    expect(judge({ cpuMs: 9_000, referenceMs: 41 }, '/p/tests/e2e/a.test.ts')).toEqual([]);
  });

  it('allows a test that is slow only because the machine is busy or slow', () => {
    expect(judge({ cpuMs: 1_900, referenceMs: 82 })).toEqual([]);
    expect(judge({ cpuMs: 2_800, referenceMs: 82 })).toHaveLength(1);
  });

  it('allows no more time on a fast machine', () => {
    expect(judge({ cpuMs: 1_300, referenceMs: 20 })).toHaveLength(1);
  });
});
