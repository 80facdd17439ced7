import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { characterStart, firstCharacters, shortened } from '../../../src/shared/text/cut.ts';

describe('A cut text (G12)', () => {
  it.each([
    ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 1, '👨‍👩‍👧‍👦'],
    ['🇩🇪🇫🇷🇮🇹', 2, '🇩🇪🇫🇷'],
    ['e\u0301e\u0301', 1, 'e\u0301'],
    ['a\uD83D', 5, 'a\uFFFD'],
    ['', 3, ''],
    ['abc', 3, 'abc'],
  ])('of %j has at most %i whole characters', (text, length, expected) => {
    expect(firstCharacters(text, length)).toBe(expected);
  });

  it('has an ellipsis if something is missing', () => {
    expect(shortened('👍🏽👍🏽👍🏽', 3)).toBe('👍🏽👍🏽👍🏽');
    expect(shortened('👍🏽👍🏽👍🏽👍🏽', 3)).toBe('👍🏽👍🏽…');
  });

  it('is bounded also for a letter with thousands of marks, and fast for a megabyte', () => {
    expect(firstCharacters(`a${'\u0301'.repeat(10_000)}`, 10).length).toBeLessThan(1_000);
    const started = process.cpuUsage().user;
    expect(shortened('👨‍👩‍👧‍👦'.repeat(100_000), 60)).toHaveLength(59 * 11 + 1);
    expect(process.cpuUsage().user - started).toBeLessThan(200_000);
  });

  it('begins a character at the start that is found for any of its code units', () => {
    expect(characterStart('a👨‍👩‍👧‍👦b', 7)).toBe(1);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.nat(60), (text, length) => {
        const start = firstCharacters(text, length);
        expect(start.isWellFormed()).toBe(true);
        expect(text.toWellFormed().startsWith(start)).toBe(true);
      }),
    );
  });
});
