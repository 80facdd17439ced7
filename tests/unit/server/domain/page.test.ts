import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstPage } from '../../../../server/src/domain/page.ts';
import { encodeResult } from '../../../../src/shared/protocol/codec.ts';
import { LIMITS } from '../../../../src/shared/limits.ts';

/** All pages of a list of names, as a client asks for them. */
function pages(names: readonly string[]): string[][] {
  const all: string[][] = [];
  let from = 0;
  for (;;) {
    const { entries, next } = firstPage(names.slice(from), (name) => name);
    all.push(entries);
    if (next === undefined) return all;
    if (next !== entries.at(-1)) throw new Error('next must name the last entry');
    if (all.length > names.length) throw new Error('it never ends');
    from += entries.length;
  }
}

describe('Pages of a list (ASIDE-3.7)', () => {
  it('are one without a next for a short list', () => {
    expect(firstPage(['a', 'b'], (name) => name)).toEqual({ entries: ['a', 'b'] });
    expect(firstPage([], (name: string) => name)).toEqual({ entries: [] });
  });

  it('each fit into a line, and together are the list', () => {
    const names = fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 32 }), { minLength: 0, maxLength: 40 });
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 120 }), (some, times) => {
        const list = Array.from({ length: times }, () => some).flat();
        const all = pages(list);
        expect(all.flat()).toEqual(list);
        for (const users of all) {
          const line = encodeResult('x'.repeat(36), { users, next: users.at(-1) ?? '' });
          expect(Buffer.byteLength(line) - 1).toBeLessThanOrEqual(LIMITS.lineBytes);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are well filled, counted in bytes as written', () => {
    const quotes = Array.from({ length: 4_000 }, () => '"'.repeat(32));
    const all = pages(quotes);
    expect(all.length).toBeGreaterThan(1);
    const [first = []] = all;
    expect(Buffer.byteLength(JSON.stringify(first))).toBeGreaterThan(60_000);
  });

  it('contain an entry that alone is too large, so that the list ends', () => {
    expect(pages(['x'.repeat(100_000), 'y'])).toEqual([['x'.repeat(100_000)], ['y']]);
  });
});
