import { describe, expect, test } from 'vitest';
import { createLog } from '../../../server/src/ops/log.ts';

function logged(format: 'pretty' | 'json', level: 'error' | 'warn' | 'info' | 'debug' = 'debug') {
  const lines: string[] = [];
  return { lines, log: createLog({ format, level, write: (line) => lines.push(line) }) };
}

describe('Log', () => {
  test('has time, level, event and fields in the pretty format', () => {
    const { lines, log } = logged('pretty');
    log.info('session-start', {
      username: 'kevin',
      address: '127.0.0.1',
      missing: undefined,
      count: 3,
      resumed: false,
    });
    expect(lines).toEqual([
      expect.stringMatching(
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO  session-start username=kevin address=127\.0\.0\.1 count=3 resumed=false\n$/,
      ),
    ]);
  });

  test('has one object in each line in the JSON format', () => {
    const { lines, log } = logged('json');
    log.error('x', { username: 'kevin', missing: undefined });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: expect.stringMatching(/Z$/) as string,
      level: 'error',
      event: 'x',
      username: 'kevin',
    });
  });

  test.each(['error', 'warn', 'info', 'debug'] as const)('omits finer levels at level %s', (level) => {
    const { lines, log } = logged('pretty', level);
    for (const each of ['debug', 'info', 'warn', 'error'] as const) log[each](each);
    const levels = ['error', 'warn', 'info', 'debug'];
    const expected = levels.slice(0, levels.indexOf(level) + 1).toReversed();
    expect(lines.map((line) => line.trim().split(' ').at(-1))).toEqual(expected);
  });

  test.each(['pretty', 'json'] as const)(
    'lets no foreign value start a line or control a terminal in the %s format',
    (format) => {
      const { lines, log } = logged(format);
      const hostile = 'a\nINFO fake\r\t\u001b[2J\u0000\u007f\u009b31m\u2028\u2029\u202e\u2066\ufeff\ud800" b=c \\';
      log.warn('x', { username: hostile });
      expect(lines).toHaveLength(1);
      const [line = ''] = lines;
      expect(line.endsWith('\n')).toBe(true);
      // oxlint-disable-next-line no-control-regex -- that none of them is left is what is looked for
      expect(line.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/);
      const quoted = format === 'json' ? line : line.slice(line.indexOf('username=') + 'username='.length);
      const value = JSON.parse(quoted) as unknown;
      expect(format === 'json' ? (value as { username: string }).username : value).toBe(hostile);
    },
  );

  test('quotes ambiguous values in the pretty format', () => {
    const { lines, log } = logged('pretty');
    log.info('x', { a: '', b: 'two words', c: 'k=v' });
    expect(lines[0]).toMatch(/ x a="" b="two words" c="k=v"\n$/);
  });
});
