import { describe, expect, it } from 'vitest';
import { barsOf, inOrder, ticksOf } from '../../../src/renderer/features/details/spans.ts';
import { isLoopback, parseServer, writeServer } from '../../../src/renderer/features/start/server-address.ts';
import { daysBetween, Format } from '../../../src/shared/text/format.ts';

const HOUR = 3_600_000;

describe('Online times (C3, G4)', () => {
  it('are drawn within the span and cut at its edges', () => {
    const end = 10 * HOUR;
    expect(
      barsOf(
        [
          [0, HOUR],
          [7 * HOUR, 9 * HOUR],
          [9.5 * HOUR, null],
        ],
        end,
        4 * HOUR,
      ),
    ).toEqual([
      { from: 7 * HOUR, to: 9 * HOUR, start: 0.25, length: 0.5 },
      { from: 9.5 * HOUR, to: null, start: 0.875, length: 0.125 },
    ]);
    expect(barsOf([[0, null]], end, 4 * HOUR)).toEqual([{ from: 0, to: null, start: 0, length: 1 }]);
  });

  it('list the given user first, then the longest times, without users who weren’t online', () => {
    const people = [
      { username: 'short', intervals: [[9 * HOUR, 9.1 * HOUR]] as const },
      { username: 'gone', intervals: [[0, HOUR]] as const },
      { username: 'long', intervals: [[7 * HOUR, null]] as const },
      { username: 'me', intervals: [] },
    ];
    expect(inOrder(people, 10 * HOUR, 4 * HOUR, 'me').map(({ username }) => username)).toEqual(['me', 'long', 'short']);
  });

  it('are marked at round local times', () => {
    const end = new Date(2026, 10, 23, 10, 30).getTime();
    expect(ticksOf(end, 8 * HOUR, 2 * HOUR).map((at) => new Date(at).getHours())).toEqual([4, 6, 8, 10]);
  });
});

describe('Server address', () => {
  it.each([
    ['127.0.0.1:12000', { host: '127.0.0.1', port: 12_000 }],
    ['chat.example.net', { host: 'chat.example.net', port: 12_000 }],
    [' [::1]:9 ', { host: '::1', port: 9 }],
    ['', undefined],
    ['a b', undefined],
    ['a:0', undefined],
    ['a:70000', undefined],
    ['http://a', undefined],
  ])('reads %j', (text, server) => {
    expect(parseServer(text)).toEqual(server);
    if (server !== undefined) expect(parseServer(writeServer(server))).toEqual(server);
  });

  it('is recognized as an address of this computer', () => {
    expect(['localhost', '127.8.9.1', '::1'].every(isLoopback)).toBe(true);
    expect(['127.0.0.1.example', '10.0.0.1', 'localhost.example'].some(isLoopback)).toBe(false);
  });
});

describe('Times', () => {
  const format = new Format('en');
  const now = new Date(2026, 10, 23, 10, 30).getTime();
  const words = { today: 'Today', yesterday: 'Yesterday' };

  it('are written in the form of the user’s language', () => {
    expect(format.day(now - HOUR, now, words)).toBe('Today');
    expect(format.day(now - 11 * HOUR, now, words)).toBe('Yesterday');
    expect(format.day(now - 72 * HOUR, now, words)).toBe('Friday, November 20');
    expect(format.brief(now - HOUR, now)).toBe('09:30');
    expect(format.brief(now - 72 * HOUR, now)).toBe('Fri');
    expect(daysBetween(new Date(2026, 2, 28, 23).getTime(), new Date(2026, 2, 30, 1).getTime())).toBe(2);
  });

  it('have the year if it differs from now, and the day if it is in the future', () => {
    const evening = new Date(2026, 10, 23, 22, 30).getTime();
    expect(format.moment(evening + 8 * HOUR, evening)).toBe('Tue 06:30');
    expect(format.moment(evening + HOUR, evening)).toBe('23:30');
    expect(format.moment(evening + 240 * HOUR, evening)).toBe('Dec 3 22:30');
    const lastYear = new Date(2025, 11, 24, 18, 5).getTime();
    expect(format.brief(lastYear, now)).toBe('Dec 24, 2025');
    expect(format.moment(lastYear, now)).toBe('Dec 24, 2025 18:05');
    expect(format.brief(new Date(2026, 0, 2).getTime(), now)).toBe('Jan 2');
    const newYear = new Date(2026, 0, 10, 9).getTime();
    expect(format.day(lastYear, newYear, words)).toBe('Wednesday, December 24, 2025');
    expect(format.day(new Date(2026, 0, 2).getTime(), now, words)).toBe('Friday, January 2');
  });

  it('are written as minutes ago', () => {
    expect(format.minutesAgo(now - 150_000, now)).toBe('2 min. ago');
  });

  it('are written as a countdown', () => {
    expect([0, 1, 59_001, 65_000, 3_600_000].map((ms) => format.clock(ms))).toEqual([
      '0:00',
      '0:01',
      '1:00',
      '1:05',
      '1:00:00',
    ]);
  });
});
