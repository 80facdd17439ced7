import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/setup.mjs';

const PLACES = ['src', 'server/src'];
const SOURCE = /(?<!\.d)\.tsx?$/;
/** The formatter puts every export at the start of a line; export lists and default exports are not used. */
const EXPORT = /^export (?:abstract |async |declare )*(?:class|const|enum|function\*?|interface|let|type) (\w+)/gm;

/** @returns the names that more than one file exports, each with these files */
function duplicateExports(sources: Iterable<readonly [path: string, text: string]>): Record<string, string[]> {
  const files = new Map<string, string[]>();
  for (const [path, text] of sources) {
    // A set, because overloads export one name several times.
    for (const name of new Set(Array.from(text.matchAll(EXPORT), (match) => match[1] ?? ''))) {
      files.set(name, [...(files.get(name) ?? []), path]);
    }
  }
  return Object.fromEntries([...files].filter(([, paths]) => paths.length > 1));
}

const sources = PLACES.flatMap((place) =>
  readdirSync(join(ROOT, place), { recursive: true, encoding: 'utf8' })
    .filter((name) => SOURCE.test(name))
    .map((name) => join(place, name)),
).map((path) => [path, readFileSync(join(ROOT, path), 'utf8')] as const);

describe('An exported name', () => {
  it('means one thing in the tree', () => {
    expect(duplicateExports(sources)).toEqual({});
  });

  it('is reported if two files export it, in any form of declaration', () => {
    expect(sources.length).toBeGreaterThan(300);
    const first = [
      'export const a = 1;',
      'export async function b(): void;',
      'export async function b() {}',
      'export interface C {}',
      'export abstract class D {}',
      '  export const inner = 1;',
      'const own = 1;',
    ].join('\n');
    const second = [
      'export function* a() {}',
      'export const b = 1;',
      'export type C = 1;',
      'export enum D {}',
      'export const inner = 1;',
      'export const own = 1;',
    ].join('\n');
    const both = ['one.ts', 'two.ts'];
    const planted: [string, string][] = [
      ['one.ts', first],
      ['two.ts', second],
    ];
    expect(duplicateExports(planted)).toEqual({ a: both, b: both, C: both, D: both });
  });
});
