import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/setup.mjs';
import { citedRules, compareRules, readSpecification, withoutComments } from '../support/rules.ts';

const PLACES = ['src', 'server/src', 'tests', 'docs', 'bench', 'scripts'];
const DOCUMENTS = ['README.md', 'ARCHITECTURE.md'];
const TEXT = /\.(?:tsx?|mjs|cjs|md)$/;
/** This file and its helper contain planted citations. */
const OWN = /tests[/\\](?:architecture[/\\]rules\.test|support[/\\]rules)\.ts$/;

const files = PLACES.flatMap((place) =>
  readdirSync(join(ROOT, place), { recursive: true, encoding: 'utf8' })
    .filter((name) => TEXT.test(name) && !name.startsWith('dist'))
    .map((name) => join(place, name)),
).filter((name) => !OWN.test(name));

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const union = (texts: readonly string[]): Set<string> => new Set(texts.flatMap((text) => [...citedRules(text)]));

const specification = readSpecification(read('docs/specification.md'));

describe('docs/specification.md', () => {
  it('lists each rule once', () => {
    expect(specification.rules.length).toBeGreaterThan(80);
    expect(specification.rules).toEqual([...new Set(specification.rules)]);
  });

  it('contains every cited rule, and a test cites every rule that is not listed as open', () => {
    const cited = union([...files, ...DOCUMENTS].map(read));
    const tested = union(files.filter((name) => name.startsWith('tests')).map((name) => withoutComments(read(name))));
    expect(compareRules(specification, cited, tested)).toEqual({
      unknown: [],
      uncited: [],
      openWithoutRule: [],
      contradictory: [],
    });
  });
});

describe('Comparison of rules and citations', () => {
  it('reads citations in brackets and at the start of a title', () => {
    const source = [
      '/** Something (B1-B3, RFC 1). */',
      "it('sends again (D3, [ASIDE-7.1-1], D8)', () => {});",
      "it('I3 D2 [ASIDE-7.1-8] limits', () => {});",
      "describe('A1: arguments', () => {});",
      '// lost (F6: within 10 s)',
      'const fingerprint = "C3:A4"; // a C1 control (see G1 there)',
    ].join('\n');
    expect([...citedRules(source)].toSorted()).toEqual(['A1', 'B1', 'B2', 'B3', 'D2', 'D3', 'D8', 'F6', 'I3']);
    expect([...citedRules(withoutComments(source))].toSorted()).toEqual(['A1', 'D2', 'D3', 'D8', 'I3']);
  });

  it('reports planted faults of every kind', () => {
    const planted = readSpecification(
      [
        '- **A1** First rule.',
        '- **A2** Second rule.',
        '- **A3** Third rule.',
        '- **A4** Fourth rule.',
        '## Open rules',
        '- **A3** Not built.',
        '- **A4** Partly built: half of the rule is missing.',
        '- **A9** Not built.',
      ].join('\n'),
    );
    expect(compareRules(planted, new Set(['A1', 'A8']), new Set(['A1', 'A3', 'A4']))).toEqual({
      unknown: ['A8'],
      uncited: ['A2'],
      openWithoutRule: ['A9'],
      contradictory: ['A3'],
    });
  });
});
