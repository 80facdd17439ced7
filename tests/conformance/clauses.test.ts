import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { citedBelow, citedClauses, compareClauses, readClauses } from '../support/clauses.ts';
import { UNCITED } from '../support/clauses-uncited.ts';

const protocol = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');
const clauses = readClauses(protocol);

describe('Clauses of docs/protocol.md', () => {
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

  it('are all cited by a test, and no test cites an unknown clause', () => {
    const cited = citedBelow(fileURLToPath(new URL('..', import.meta.url)));
    expect(compareClauses(clauses, cited, UNCITED)).toEqual({ uncited: [], unknown: [], needless: [] });
  });

  it('are compared so that planted faults are found', () => {
    // Put together here, so that the search through the tests does not take them for citations.
    const id = (number: string): string => `ASIDE-${number}`;
    const text = `## 1. One\n\n- [${id('1-1')}] First.\n- [${id('1-2')}] Second.\n### 1.1 Sub\n- [${id('1.1-1')}] See ${id('1-1')}.\n`;
    const source = `it('[${id('1-1')}] works (${id('9-9')})', () => {\n  // [${id('1-2')}]\n   * [${id('1.1-1')}]\n});`;
    expect(readClauses(text)).toEqual([
      { id: id('1-1'), section: '1' },
      { id: id('1-2'), section: '1' },
      { id: id('1.1-1'), section: '1.1' },
    ]);
    const findings = compareClauses(readClauses(text), citedClauses(source), {
      [id('1.1-1')]: 'an exception that is needed',
      [id('1-1')]: 'one that is not',
      [id('7-7')]: 'one for nothing',
    });
    expect(findings).toEqual({
      uncited: [id('1-2')],
      unknown: [id('9-9')],
      needless: [id('1-1'), id('7-7')],
    });
  });
});
