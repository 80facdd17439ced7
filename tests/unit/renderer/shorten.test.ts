import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shorten } from '../../../src/renderer/text/shorten.ts';

const lines = (count: number) => Array.from({ length: count }, (_, place) => `line ${place + 1}`).join('\n');

describe('the beginning of a long message (G3)', () => {
  it('is 30 lines, and all of what is hardly longer', () => {
    expect(shorten(lines(36))).toBeUndefined();
    expect(shorten(lines(37))).toBe(`${lines(30)}\n…`);
    expect(shorten('\n'.repeat(3_000))?.length).toBeLessThan(40);
  });

  it('counts lines that the window breaks, and cuts between words', () => {
    const cut = shorten('word '.repeat(1_600)) ?? '';
    expect(cut.length).toBeLessThan(1_810);
    expect(cut).toMatch(/^(word )+word\n…$/);
    expect(shorten('word '.repeat(400))).toBeUndefined();
  });

  it('never cuts a character in two, and is a beginning of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('🎉', 'x', '\n', ' '), maxLength: 6_000, size: 'max' }), (text) => {
        const cut = shorten(text);
        if (cut === undefined) return;
        expect(cut.isWellFormed()).toBe(true);
        expect(text.startsWith(cut.slice(0, -2))).toBe(true);
        expect(cut.split('\n').length).toBeLessThanOrEqual(31);
      }),
      { numRuns: 60 },
    );
  });
});
