import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shorten } from '../../../src/renderer/text/shorten.ts';

const lines = (count: number) => Array.from({ length: count }, (_, place) => `line ${place + 1}`).join('\n');

describe('Shortened message (G3)', () => {
  it('has 30 lines; a message that is hardly longer isn’t shortened', () => {
    expect(shorten(lines(36))).toBeUndefined();
    expect(shorten(lines(37))).toBe(`${lines(30)}\n…`);
    expect(shorten('\n'.repeat(3_000))?.length).toBeLessThan(40);
  });

  it('counts wrapped lines and is cut between words', () => {
    const cut = shorten('word '.repeat(1_600)) ?? '';
    expect(cut.length).toBeLessThan(1_810);
    expect(cut).toMatch(/^(word )+word\n…$/);
    expect(shorten('word '.repeat(400))).toBeUndefined();
  });

  it('is a prefix of the text and never ends inside a character', () => {
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
