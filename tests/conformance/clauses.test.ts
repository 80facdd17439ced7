import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { citedBelow, citedClauses, compareClauses, readClauses } from '../support/clauses.ts';

const protocol = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');
const clauses = readClauses(protocol);

/** Clauses that no test cites, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'ASIDE-2.3-3': 'takes 75 s; the server in memory lives through it with a clock of its own',
  'ASIDE-2.4-1': 'takes 20,000 connections; the listener is tested with smaller limits',
  'ASIDE-5.1-7': 'loopback addresses are not counted, and tests use no others; tested in memory',
  'ASIDE-5.5-8': 'takes 7 days; the tokens are tested with a clock of their own',
  'ASIDE-7.1-9': 'takes a full disk; the server in memory is tested on a store that fails',
  'ASIDE-7.2-3': 'binds the client; its inbox is tested with a clock of its own',
  'ASIDE-7.2-4': 'binds the client; its inbox is tested for it',
};

describe('the clauses of docs/protocol.md', () => {
  it('are numbered by section, one after the other', () => {
    const expected: string[] = [];
    const counts = new Map<string, number>();
    for (const { section } of clauses) {
      const count = (counts.get(section) ?? 0) + 1;
      counts.set(section, count);
      expected.push(`ASIDE-${section}-${count}`);
    }
    expect(clauses.map(({ id }) => id)).toEqual(expected);
    expect(clauses.length).toBeGreaterThan(100);
  });

  it('are all cited by a test, and no test cites another', () => {
    const cited = citedBelow(fileURLToPath(new URL('..', import.meta.url)));
    expect(compareClauses(clauses, cited, EXCEPTIONS)).toEqual({ uncited: [], unknown: [], needless: [] });
  });

  it('would be missed: planted ones are found', () => {
    // Put together here, so that the search through the tests does not take them for citations.
    const id = (number: string): string => `[ASIDE-${number}]`;
    const text = `## 1. One\n\n- ${id('1-1')} First.\n- ${id('1-2')} Second.\n### 1.1 Sub\n- ${id('1.1-1')} See ${id('1-1')}.\n`;
    const source = `it('${id('1-1')} ${id('9-9')} works', () => {\n  // ${id('1-2')}\n   * ${id('1.1-1')}\n});`;
    expect(readClauses(text)).toEqual([
      { id: 'ASIDE-1-1', section: '1' },
      { id: 'ASIDE-1-2', section: '1' },
      { id: 'ASIDE-1.1-1', section: '1.1' },
    ]);
    const findings = compareClauses(readClauses(text), citedClauses(source), {
      'ASIDE-1.1-1': 'an exception that is needed',
      'ASIDE-1-1': 'one that is not',
      'ASIDE-7-7': 'one for nothing',
    });
    expect(findings).toEqual({
      uncited: ['ASIDE-1-2'],
      unknown: ['ASIDE-9-9'],
      needless: ['ASIDE-1-1', 'ASIDE-7-7'],
    });
  });
});
