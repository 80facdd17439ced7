import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainTextOf, previewOf } from '../../../src/renderer/text/preview.ts';
import { safeUrl } from '../../../src/renderer/text/inline-parser.ts';
import { onlyEmoji, type Piece, readMarkdown } from '../../../src/renderer/text/markdown.ts';
import { highlight } from '../../../src/renderer/features/conversation/highlight.ts';

function textOf(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => ('inside' in piece ? `${'mark' in piece ? piece.mark : ''}${textOf(piece.inside)}` : piece.text))
    .join('');
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

  it('keeps headings, HTML and backslashes unchanged', () => {
    for (const text of ['# no heading', '<b>no html</b>', 'C:\\temp\\*', '&lt;', '![no](image.png)', '-1', '>1']) {
      expect(readMarkdown(text)).toEqual([{ kind: 'text', text }]);
    }
    expect(readMarkdown('<script>alert(1)</script>')).toEqual([{ kind: 'text', text: '<script>alert(1)</script>' }]);
  });

  it('reads quoted lines and lines of a list (G12)', () => {
    expect(readMarkdown('> one\n> two\nyes\n- *a*\n- b')).toEqual([
      { kind: 'quote', inside: [{ kind: 'text', text: 'one\ntwo' }] },
      { kind: 'text', text: 'yes' },
      { kind: 'item', mark: '- ', inside: [{ kind: 'emphasis', inside: [{ kind: 'text', text: 'a' }] }] },
      { kind: 'item', mark: '- ', inside: [{ kind: 'text', text: 'b' }] },
    ]);
  });

  it.each([
    '2*3*4=24',
    '__init__.py',
    '__name__ == "__main__"',
    'C:\\*.txt D:\\*.md',
    'x**2**3',
    '5~~6~~7',
    'snake_case_name and _GUARD_H_',
    'a_b_c * d_e_f',
    'ls *.c *.h*',
    'find . -name \\*.txt -o -name \\*.md',
    'rm -rf ~/tmp/* ~/old/*',
    'char **argv, int *p, *q;',
    'def f(*args, **kwargs):',
    '/* a comment */ /** another */',
    '*p++ = *q++;',
    '"*" + "*"',
    'SELECT * FROM t WHERE a*b > c*d',
    '\\\\server\\share\\_old_\\x',
    'grep "\\[a-z\\]*" *.log',
    '^.*foo.*$ and ^\\s*#',
    'arr[0](1) and x[i](y)',
    '[x](javascript:alert(1))',
    'x=`date`; y=$`z`',
    'a`b`c',
    '1 * 2 * 3 ** 4',
    '(*f)(*g)(int *)',
    '0 3 * * 1-5 /usr/bin/*',
    'src/**/*.test.ts',
    '*.{js,ts} *[0-9]*',
    'https://a.example/%41_b_c?x=*y*z',
    'crlf\r\nnul\0tab\t',
    '_.map(_) and (_, i) => _',
    'README.md and file.rs',
    '~~~ ~~ ~',
  ])('shows %j as written (G12)', (text) => {
    expect(textOf(readMarkdown(text))).toBe(text);
    expect(plainTextOf(text)).toBe(text);
  });

  it.each([
    ['\\*not emphasis\\*', '*not emphasis*'],
    ['\\*a*', '*a*'],
    ['*a\\*', '*a*'],
    ['\\**b**', '**b**'],
    ['\\_a\\_ and \\~~b\\~~', '_a_ and ~~b~~'],
    ['\\`code`', '`code`'],
    ['2 \\* 3', '2 \\* 3'],
  ])('reads %j with its backslashes as %j (G12)', (text, shown) => {
    expect(readMarkdown(text)).toEqual([{ kind: 'text', text: shown }]);
  });

  it.each([
    ['(*a*), **b**! "~~c~~" _d_: ***e***.', '(a), b! "c" d: e.'],
    ['你好，*重点*。', '你好，重点。'],
    ['a `*b*` [**c**](https://d.example/x_(y))', 'a *b* c'],
    ['**a *b* c**', 'a b c'],
  ])('reads the marks at the word boundaries of %j', (text, shown) => {
    expect(textOf(readMarkdown(text))).toBe(shown);
  });

  it('forms no mark between letters or digits (G12)', () => {
    const word = fc.stringMatching(/^[a-z0-9äß你é]{1,6}$/u);
    const mark = fc.stringMatching(/^[*_~`[\]\\]{1,4}$/);
    fc.assert(
      fc.property(word, fc.array(fc.tuple(mark, word), { minLength: 1, maxLength: 12 }), (first, rest) => {
        const text = first + rest.flat().join('');
        expect(readMarkdown(text)).toEqual([{ kind: 'text', text }]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('makes links of addresses that begin with www., not of file names (G12)', () => {
    expect(readMarkdown('see www.example.org/a_b_c. README.md')).toEqual([
      { kind: 'text', text: 'see ' },
      {
        kind: 'link',
        url: 'https://www.example.org/a_b_c',
        inside: [{ kind: 'text', text: 'www.example.org/a_b_c' }],
      },
      { kind: 'text', text: '. README.md' },
    ]);
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
    for (const unit of [
      '*',
      '[',
      '`',
      '_a',
      '~~',
      '](',
      '**a ',
      'http://',
      '```\n',
      '\\*a ',
      '`a ',
      'www.',
      '- ',
      '> a\n',
      '[a](https://b) ',
    ])
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
