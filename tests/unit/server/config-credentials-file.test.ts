import { describe, expect, test } from 'vitest';
import { isUtf16, parseCredentials } from '../../../server/src/credentials-file.ts';

describe('Credentials file of the original (A4)', () => {
  test('has a username and a password in each line', () => {
    expect(parseCredentials('hans falcon*solo\nyoda wise@!man\n').entries).toEqual([
      { line: 1, username: 'hans', password: 'falcon*solo' },
      { line: 2, username: 'yoda', password: 'wise@!man' },
    ]);
  });

  test('may have any line ends, a byte order mark, empty lines and surrounding white space', () => {
    const { entries, bad } = parseCredentials('\ufeffa 1\r\n\r\n  b\t 2  \rc 3');
    expect(entries).toEqual([
      { line: 1, username: 'a', password: '1' },
      { line: 3, username: 'b', password: '2' },
      { line: 4, username: 'c', password: '3' },
    ]);
    expect(bad).toEqual([]);
  });

  test.each([
    ['UTF-16 with a byte order mark', Buffer.from('\ufeffa 1\n', 'utf16le'), true],
    ['UTF-16 with the other byte order', Buffer.from('\ufeffa 1\n', 'utf16le').swap16(), true],
    ['UTF-16 without a mark', Buffer.from('a 1\n', 'utf16le'), true],
    ['UTF-8', Buffer.from('\u00e9 1\na \0\n'), false],
    ['Latin-1', Buffer.from('\u00e9 1\n', 'latin1'), false],
    ['an empty file', Buffer.from(''), false],
  ])('is recognized by its encoding: %s', (_name, bytes, expected) => {
    expect(isUtf16(bytes)).toBe(expected);
  });

  test('leads to an error with the number of each bad line, and keeps the others', () => {
    const { entries, bad } = parseCredentials('a 1\nlonely\nb two words\na 2\nq\ufffd x\nc 3\n');
    expect(entries.map(({ username }) => username)).toEqual(['a', 'c']);
    expect(bad).toEqual([
      { line: 2, problem: 'has a username but no password' },
      { line: 3, problem: 'has more than a username and a password' },
      { line: 4, problem: 'repeats a username' },
      { line: 5, problem: 'is not UTF-8' },
    ]);
  });

  test('leads to errors that never contain a bad line', () => {
    const { bad } = parseCredentials('secret\nsecret secret secret\n');
    expect(JSON.stringify(bad)).not.toContain('secret');
  });

  test('may be empty, or have unusual names', () => {
    expect(parseCredentials('')).toEqual({ entries: [], bad: [] });
    expect(parseCredentials('__proto__ x\nconstructor y').entries.map(({ username }) => username)).toEqual([
      '__proto__',
      'constructor',
    ]);
  });
});
