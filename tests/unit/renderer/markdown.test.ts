import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { previewOf } from '../../../src/renderer/text/preview.ts';
import { onlyEmoji, type Piece, readMarkdown, safeUrl } from '../../../src/renderer/text/markdown.ts';
import { highlight } from '../../../src/renderer/features/conversation/highlight.ts';

function textOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => ('inside' in piece ? textOf(piece.inside) : piece.text)).join('');
}

describe('Markdown in a message (G3)', () => {
  it.each<[string, readonly Piece[]]>([
    ['plain', [{ kind: 'text', text: 'plain' }]],
    [
      'a `b` c',
      [
        { kind: 'text', text: 'a ' },
        { kind: 'code', text: 'b' },
        { kind: 'text', text: ' c' },
      ],
    ],
    ['**b**', [{ kind: 'strong', inside: [{ kind: 'text', text: 'b' }] }]],
    [
      '*i* ~~s~~',
      [
        { kind: 'emphasis', inside: [{ kind: 'text', text: 'i' }] },
        { kind: 'text', text: ' ' },
        { kind: 'strike', inside: [{ kind: 'text', text: 's' }] },
      ],
    ],
    [
      'https://a.example/x',
      [{ kind: 'link', url: 'https://a.example/x', inside: [{ kind: 'text', text: 'https://a.example/x' }] }],
    ],
    ['```js\nlet a;\n```', [{ kind: 'block', language: 'js', text: 'let a;' }]],
    ['one\n\n  two', [{ kind: 'text', text: 'one\n\n  two' }]],
  ])('reads %j', (text, pieces) => {
    expect(readMarkdown(text)).toEqual(pieces);
  });

  it('keeps headings, lists, quotes, HTML and backslashes unchanged', () => {
    for (const text of [
      '# no heading',
      '- no\n- list',
      '> no quote',
      '<b>no html</b>',
      'C:\\temp\\*',
      '&lt;',
      '![no](image.png)',
    ]) {
      expect(textOf(readMarkdown(text))).toContain(text.startsWith('!') ? 'no' : text);
    }
    expect(readMarkdown('<script>alert(1)</script>')).toEqual([{ kind: 'text', text: '<script>alert(1)</script>' }]);
  });

  it('makes links of safe schemes only', () => {
    expect(safeUrl('javascript:alert(1)')).toBeUndefined();
    expect(safeUrl('data:text/html,x')).toBeUndefined();
    expect(safeUrl('file:///etc/passwd')).toBeUndefined();
    expect(safeUrl('https://пример.рф/')?.host).toBe('xn--e1afmkfd.xn--p1ai');
    const links = JSON.stringify(readMarkdown('[x](javascript:alert(1)) [y](JaVaScRiPt:1) [z](data:text/html,1)'));
    expect(links).not.toContain('"link"');
  });

  it('parses any text without failing, and loses nothing but marks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const shown = textOf(readMarkdown(text));
        expect(shown.length).toBeLessThanOrEqual(text.length + 1);
        const letters = (some: string) => some.match(/\p{L}/gu)?.length ?? 0;
        expect(letters(shown)).toBeLessThanOrEqual(letters(text));
      }),
      { numRuns: 500 },
    );
  });

  it('parses the worst 8 KiB in little processor time', () => {
    const started = process.cpuUsage();
    for (const unit of ['*', '[', '`', '_a', '~~', '](', '**a ', 'http://', '```\n'])
      readMarkdown(unit.repeat(8_192 / unit.length));
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1_000).toBeLessThan(2_000);
  });

  it.each(['🎉', '👍🏽 ❤️', '👩‍❤️‍💋‍👨', '👨‍👩‍👧‍👦👍', '1️⃣ #️⃣', '🇩🇪🇫🇷', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🏳️‍🌈', '👁️‍🗨️', ' 🙂\n'])(
    'shows %s large',
    (text) => {
      expect(onlyEmoji(text)).toBe(true);
    },
  );

  it.each(['', '1', '#', '©', '🇩', 'ok 👍', '👍 1', '👍👍👍👍👍', '\u200D🎉', '\u{1F3FD}x'])(
    'shows "%s" as text',
    (text) => {
      expect(onlyEmoji(text)).toBe(false);
    },
  );
});

describe('Highlighted code', () => {
  it('keeps every character when it is highlighted', () => {
    const code = 'const a = "x"; // <b>\nif (a) run(1);';
    const stretches = highlight(code, 'ts');
    expect(stretches.map(({ text }) => text).join('')).toBe(code);
    expect(stretches).toContainEqual({ text: 'const', tone: 'code-keyword' });
    expect(highlight(code, 'no-such-language')).toEqual([{ text: code, tone: undefined }]);
  });
});

describe('Preview of a message (G2, G5)', () => {
  it.each([
    ['see [the **plan**](https://example.net/a) and `rm -rf`, ~~not~~ now', 'see the plan and rm -rf, not now'],
    ['look:\n```ts\nlet a = 1;\n```\nnice', 'look: let a = 1; nice'],
    ['2 * 3 * 4 and snake_case_name', '2 * 3 * 4 and snake_case_name'],
    ['<b>x</b> https://example.net/', '<b>x</b> https://example.net/'],
  ])('of %j is %j', (text, seen) => {
    expect(previewOf(text, 80)).toBe(seen);
  });

  it('ends at its limit, also inside a link', () => {
    expect(previewOf('word '.repeat(2_000), 24)).toBe('word word word word wor…');
    expect(previewOf(`[label](https://example.net/${'a'.repeat(300)}) end`, 20)).toBe('label end');
  });
});
