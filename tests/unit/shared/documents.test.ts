import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../src/shared/limits.ts';
import { CLIENT_PARAMS, SERVER_PARAMS } from '../../../src/shared/protocol/messages.ts';
import {
  DEPARTURE_REASONS,
  PRIVATE_END_REASONS,
  REASONS,
  type Reason,
  SESSION_END_REASONS,
} from '../../../src/shared/protocol/reasons.ts';
import { refusals } from '../../../src/shared/text/reasons.ts';
import { code, tableUnder } from '../../support/markdown.ts';

const document = (name: string): string => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
const errors = document('errors.md');
const protocol = document('protocol.md');

const documentedReasons = (markdown: string) =>
  Object.fromEntries(
    tableUnder(markdown, 'Refusals').map(([reason, number, sentence]) => [
      code(reason),
      { code: Number(number), text: sentence },
    ]),
  );

const reasons = Object.fromEntries(
  (Object.keys(REASONS) as Reason[]).map((reason) => [reason, { code: REASONS[reason], text: refusals[reason] }]),
);

describe('errors.md', () => {
  it('lists the reasons of the catalogue', () => {
    expect(documentedReasons(errors)).toEqual(reasons);
    expect(tableUnder(errors, 'Refusals')).toHaveLength(Object.keys(REASONS).length);
  });

  it.each([
    ['a reason left out', (text: string) => text.replace(/^\| `self` .*\n/m, '')],
    ['a reason too many', (text: string) => text.replace(/^\| `self` /m, '| `selfish` | -32000 | No. | - | - |\n$&')],
    ['another code', (text: string) => text.replace('| `self` | -32000 |', '| `self` | -32001 |')],
    ['another sentence', (text: string) => text.replace('That is your own account.', 'That is you.')],
  ])('fails this test with %s', (_what, plant) => {
    expect(plant(errors)).not.toBe(errors);
    expect(documentedReasons(plant(errors))).not.toEqual(reasons);
  });

  it('gives cause and remedy of every reason', () => {
    const tables = ['Refusals', 'Why a session ended', 'Why a private session ended'];
    for (const row of tables.flatMap((heading) => tableUnder(errors, heading))) {
      const [when, what] = row.slice(-2);
      expect(when, row[0]).toMatch(/\w.*\.$/);
      expect(what, row[0]).toMatch(/\w.*\.$/);
    }
  });

  it('lists the ends of sessions and private sessions, and the exit codes', () => {
    const privateEnds = tableUnder(errors, 'Why a private session ended').map(([reason]) => code(reason));
    expect(privateEnds).toEqual(PRIVATE_END_REASONS);
    expect(tableUnder(errors, 'Why a session ended').map(([reason]) => code(reason))).toEqual(SESSION_END_REASONS);
    expect(tableUnder(errors, 'Exit codes of the server').map(([number]) => number)).toEqual(['0', '1', '2']);
  });

  it('has whole sentences only', () => {
    for (const [reason, { text }] of Object.entries(reasons)) {
      expect(text, reason).toMatch(/^[A-Z].*\.$/);
      expect(text.length, reason).toBeLessThanOrEqual(120);
      expect(text, reason).not.toContain('|');
    }
  });
});

describe('protocol.md', () => {
  const clauses = protocol.slice(0, protocol.indexOf('## 13.'));

  it('lists the limits of the code', () => {
    for (const [name, value] of tableUnder(protocol, '10. Limits')) {
      expect(LIMITS, name).toHaveProperty(code(name), Number(value));
    }
    const documented = tableUnder(protocol, '10. Limits').map(([name]) => code(name));
    expect(Object.keys(LIMITS)).toEqual(documented);
  });

  it('describes every method and notification with all members', () => {
    for (const [method, schema] of Object.entries({ ...CLIENT_PARAMS, ...SERVER_PARAMS })) {
      expect(clauses, method).toContain(`\`${method}`);
      const members = Object.keys(schema.shape);
      const lists = [...clauses.matchAll(/`([\w.]+)\s\{([^`]*)\}/g)].filter((match) => match[1] === method);
      if (members.length === 0) continue;
      const named = lists.map((match): string[] => match[2]?.match(/\w+/g) ?? []);
      expect(
        named.some((list) => members.every((member) => list.includes(member))),
        `${method} {${members.join(', ')}}`,
      ).toBe(true);
    }
  });

  it('mentions every reason', () => {
    for (const reason of [
      ...Object.keys(REASONS),
      ...SESSION_END_REASONS,
      ...DEPARTURE_REASONS,
      ...PRIVATE_END_REASONS,
    ]) {
      expect(clauses, reason).toMatch(new RegExp(`[\`"]${reason}[\`"]`));
    }
  });
});
