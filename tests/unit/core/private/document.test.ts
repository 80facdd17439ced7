import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { introductionPayload } from '../../../../src/core/private/signaling/introduction.ts';
import { PEER_PARAMS } from '../../../../src/core/private/transport/peer-protocol.ts';
import { code, tableUnder } from '../../../support/markdown.ts';

const root = new URL('../../../../', import.meta.url).pathname;
const document = readFileSync(join(root, 'docs/private-channel.md'), 'utf8');
const clauses = [...document.matchAll(/^- \[(ASIDE-PEER-\d+-\d+)\]/gm)].map((match) => match[1] ?? '');

it('private-channel.md has exactly the clauses that tests cite', () => {
  const cited = new Set<string>();
  for (const folder of ['tests/unit/core/private', 'tests/integration']) {
    for (const name of readdirSync(join(root, folder))) {
      const source = name.endsWith('.test.ts') ? readFileSync(join(root, folder, name), 'utf8') : '';
      for (const [, id] of source.matchAll(/\[(ASIDE-PEER-\d+-\d+)\]/g)) cited.add(id ?? '');
    }
  }
  expect(clauses.length).toBeGreaterThan(20);
  expect(new Set(clauses).size).toBe(clauses.length);
  expect(clauses.filter((id) => !cited.has(id))).toEqual([]);
  expect([...cited].filter((id) => !clauses.includes(id))).toEqual([]);
});

it('private-channel.md lists the members of introductions as the schemas do [ASIDE-PEER-3-2]', () => {
  for (const [column, purpose] of [
    [1, 'offer'],
    [2, 'answer'],
    [3, 'signal'],
  ] as const) {
    const documented = tableUnder(document, '3. Introductions').flatMap((row) =>
      row[column] === 'x' ? (row[0]?.split(', ').map(code) ?? []) : [],
    );
    const schema = introductionPayload.options.find((option) => option.shape.purpose.value === purpose);
    expect(documented.toSorted()).toEqual(Object.keys(schema?.shape ?? {}).toSorted());
  }
});

it('private-channel.md describes every line between two clients, with its members', () => {
  for (const [method, schema] of Object.entries(PEER_PARAMS)) {
    expect(document).toContain(`\`${method} {${Object.keys(schema.shape).join(', ')}}\``);
  }
});
