import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { characters, fitsBytes, fitsCharacters, utf8Bytes } from '../../../src/shared/protocol/text.ts';

/** Valid Unicode of every length in UTF-8. */
const unicodeText = fc.string({ unit: 'binary', maxLength: 60 });

describe('Text sizes', () => {
  it('[ASIDE-1-1] count bytes as an encoder does', () => {
    fc.assert(
      fc.property(unicodeText, (text) => {
        expect(utf8Bytes(text)).toBe(Buffer.byteLength(text, 'utf8'));
      }),
    );
    expect([...'aß€😀'].map(utf8Bytes)).toEqual([1, 2, 3, 4]);
  });

  it('[ASIDE-7.1-5] decide exactly whether a text fits', () => {
    fc.assert(
      fc.property(unicodeText, fc.integer({ min: 0, max: 240 }), (text, limit) => {
        expect(fitsBytes(text, limit)).toBe(Buffer.byteLength(text, 'utf8') <= limit);
      }),
    );
    for (const [character, bytes] of [
      ['a', 1],
      ['ß', 2],
      ['€', 3],
      ['😀', 4],
    ] as const) {
      const text = character.repeat(Math.floor(8_192 / bytes));
      expect(fitsBytes(text, 8_192)).toBe(true);
      expect(fitsBytes(`${text}${character}`, 8_192)).toBe(false);
    }
  });

  it('[ASIDE-1-1] count characters as code points', () => {
    fc.assert(
      fc.property(unicodeText, fc.integer({ min: 0, max: 60 }), (text, limit) => {
        expect(characters(text)).toBe([...text].length);
        expect(fitsCharacters(text, limit)).toBe([...text].length <= limit);
      }),
    );
    expect(characters('a😀é')).toBe(3);
  });
});
