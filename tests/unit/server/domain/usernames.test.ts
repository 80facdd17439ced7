import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalPassword, canonicalUsername, isPasswordAcceptable } from '../../../../server/src/domain/usernames.ts';

const keyOf = (typed: string) => canonicalUsername(typed)?.key;
const skeletonOf = (typed: string) => canonicalUsername(typed)?.skeleton;

describe('Usernames (B1, RFC 8265 UsernameCaseMapped)', () => {
  it.each([
    ['juliet@example.com', 'juliet@example.com'],
    ['Kevin', 'kevin'],
    ['fußball', 'fußball'],
    ['FUẞBALL', 'fußball'],
    ['π', 'π'],
    ['Σ', 'σ'],
    ['σ', 'σ'],
    ['ς', 'ς'],
    ['ÉMILE', 'émile'],
    ['E\u0301mile', 'émile'],
    ['ＫＥＶＩＮ', 'kevin'],
    ['ｶﾞｷﾞ', 'ガギ'],
    ['\u212bngstr\u00f6m', 'ångström'],
    ["o'brien-smith_2+x!~", "o'brien-smith_2+x!~"],
    ['\u05d0\u05d1\u05d2', '\u05d0\u05d1\u05d2'],
    ['\u0639\u0644\u064a', '\u0639\u0644\u064a'],
    ['\u0639\u0644\u064a12', '\u0639\u0644\u064a12'],
    ['\u05d0\u05f3', '\u05d0\u05f3'],
    ['col\u00b7la', 'col\u00b7la'],
    ['\u30a2\u30fb\u30a4', '\u30a2\u30fb\u30a4'],
    ['\u4e2d\u6587', '\u4e2d\u6587'],
    ['\ud801\udc00', '\ud801\udc28'],
  ])('accept %j as %j', (typed, key) => {
    expect(keyOf(typed)).toBe(key);
  });

  it.each([
    ['nothing', ''],
    ['a space', 'foo bar'],
    ['a leading space', ' foo'],
    ['a no-break space', 'foo\u00a0bar'],
    ['an ideographic space', 'foo\u3000bar'],
    ['a tab', 'foo\tbar'],
    ['a line feed', 'foo\n'],
    ['NUL', 'foo\u0000'],
    ['DEL', 'foo\u007f'],
    ['a C1 control', 'foo\u0085'],
    ['a compatibility ligature', '\ufb01sh'],
    ['a compatibility number', 'henry\u2163'],
    ['a superscript', 'x\u00b2'],
    ['the infinity sign', '\u221e'],
    ['a chess piece', '\u265a'],
    ['an emoji', 'kevin\u{1f600}'],
    ['an emoji of several points', '\u{1f469}\u200d\u{1f4bb}'],
    ['a zero-width joiner', 'ke\u200dvin'],
    ['a zero-width non-joiner', 'ke\u200cvin'],
    ['a zero-width joiner after a virama', '\u0915\u094d\u200d\u0937'],
    ['a zero-width space', 'ke\u200bvin'],
    ['a soft hyphen', 'ke\u00advin'],
    ['a byte order mark', '\ufeffkevin'],
    ['a right-to-left override', 'ke\u202enivek'],
    ['an isolate', '\u2066kevin\u2069'],
    ['a variation selector', 'kevin\ufe0f'],
    ['a Hangul filler', '\u3164'],
    ['old Hangul', '\ua960'],
    ['a private use character', '\ue000'],
    ['a noncharacter', '\uffff'],
    ['an unassigned character', '\u0378'],
    ['a lone surrogate', 'kevin\ud800'],
    ['a kashida', '\u0639\u0640\u0644'],
    ['a middle dot without its letters', 'a\u00b7b'],
    ['a geresh without Hebrew', 'a\u05f3'],
    ['a katakana dot without kana', 'a\u30fbb'],
    ['a Greek numeral sign without Greek', '\u0375a'],
    ['Arabic digits of two kinds', '\u0639\u0661\u06f1'],
    ['Hebrew inside of Latin (bidi rule)', 'abc\u05d0'],
    ['Latin inside of Hebrew (bidi rule)', '\u05d0abc\u05d1'],
    ['right-to-left after a digit (bidi rule)', '1\u05d0'],
    ['two kinds of digits beside Arabic (bidi rule)', '\u06391\u0661'],
    ['a right-to-left name that ends in a sign (bidi rule)', '\u05d0\u05d1!'],
  ])('do not include %s', (_what, typed) => {
    expect(canonicalUsername(typed)).toBeUndefined();
  });

  it('have at most 32 characters, not code units', () => {
    expect(keyOf('x'.repeat(32))).toBe('x'.repeat(32));
    expect(canonicalUsername('x'.repeat(33))).toBeUndefined();
    expect(keyOf('\u{10428}'.repeat(32))).toBe('\u{10428}'.repeat(32));
    expect(canonicalUsername('\u{10428}'.repeat(33))).toBeUndefined();
    expect(canonicalUsername(`${'\u{10428}'.repeat(32)}x`)).toBeUndefined();
    expect(canonicalUsername('x'.repeat(1_000_000))).toBeUndefined();
  });

  it('are accepted in their comparable form with the same result', () => {
    const unstable: string[] = [];
    const check = (typed: string) => {
      const first = canonicalUsername(typed);
      if (!first) return;
      const again = canonicalUsername(first.key);
      if (again?.key !== first.key || again.skeleton !== first.skeleton) unstable.push(typed);
    };
    for (let point = 0; point <= 0x1ffff; point++) check(String.fromCodePoint(point));
    const letter = fc.integer({ min: 0x21, max: 0x2fff }).map((point) => String.fromCodePoint(point));
    fc.assert(fc.property(fc.array(letter, { minLength: 2, maxLength: 4 }), (letters) => check(letters.join(''))));
    expect(unstable).toEqual([]);
  });
});

describe('Look-alikes (B1, UTS #39)', () => {
  it.each([
    ['paypal', 'p\u0430ypal'],
    ['scope', '\u0455\u0441\u043e\u0440\u0435'],
    ['kevin', 'KEVIN'],
    ['kevin', '\uff4bevin'],
    ['alpha', '\u0251lpha'],
    ['omicron', '\u03bfmicron'],
  ])('include %s and %s', (one, other) => {
    expect(skeletonOf(one)).toBeDefined();
    expect(skeletonOf(other)).toBe(skeletonOf(one));
  });

  it.each([
    ['user1', 'userl'],
    ['rn', 'm'],
    ['modern', 'modem'],
    ['o', '0'],
    ['vv', 'w'],
    ['cl', 'd'],
    ['i', 'l'],
  ])('do not include %s and %s: ASCII is not folded', (one, other) => {
    expect(skeletonOf(one)).not.toBe(skeletonOf(other));
  });

  it('of m are not look-alikes of rn', () => {
    expect(skeletonOf('\u{11700}')).toBe('m');
    expect(skeletonOf('ma\u{11700}\u{11700}al')).toBe(skeletonOf('mammal'));
  });

  it('include all forms of one name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }), (typed) => {
        const name = canonicalUsername(typed);
        if (!name) return;
        expect(skeletonOf(typed.normalize('NFD'))).toBe(name.skeleton);
        expect(skeletonOf(name.key)).toBe(name.skeleton);
      }),
    );
  });
});

describe('Passwords (B1, RFC 8265 OpaqueString)', () => {
  it('are equal with other spaces and in composed form, but not in another case', () => {
    expect(canonicalPassword('correct\u00a0horse\u3000battery')).toBe('correct horse battery');
    expect(canonicalPassword('e\u0301')).toBe('\u00e9');
    expect(canonicalPassword('ABC')).toBe('ABC');
    expect(canonicalPassword('ｆｕｌｌ')).toBe('ｆｕｌｌ');
  });

  it('have 8 to 1024 characters, not code units', () => {
    expect(isPasswordAcceptable('x'.repeat(7))).toBe(false);
    expect(isPasswordAcceptable('x'.repeat(8))).toBe(true);
    expect(isPasswordAcceptable('\u{1f600}'.repeat(4))).toBe(false);
    expect(isPasswordAcceptable('\u{1f600}'.repeat(1_024))).toBe(true);
    expect(isPasswordAcceptable('x'.repeat(1_024))).toBe(true);
    expect(isPasswordAcceptable('x'.repeat(1_025))).toBe(false);
  });
});
