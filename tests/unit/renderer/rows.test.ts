import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rowAt } from '../../../src/renderer/features/conversation/rows.ts';
import type { Message } from '../../../src/shared/client-api/view-state.ts';

beforeEach(() => void vi.stubEnv('TZ', 'Europe/Berlin'));
afterEach(() => void vi.unstubAllEnvs());

const MINUTE = 60_000;
const message = (position: number, at: number): Message => ({
  position,
  id: `m${position}`,
  conversation: '@hans',
  from: 'hans',
  to: 'kev',
  incoming: true,
  text: `text ${position}`,
  at,
  status: { state: 'received' },
});
const rows = (times: readonly number[], newSince?: number) => {
  const messages = times.map((at, index) => message(index, at));
  return messages.flatMap((_one, index) => rowAt(messages, index, [], newSince) ?? []);
};

describe('Group of messages', () => {
  it('ends 5 minutes after its first message, however close the messages are', () => {
    const start = Date.parse('2026-11-23T10:00:00Z');
    const all = rows(Array.from({ length: 12 }, (_one, n) => start + n * MINUTE));
    expect(all.flatMap(({ opens }, n) => (opens ? [n] : []))).toEqual([0, 5, 10]);
    expect(all.flatMap(({ closes }, n) => (closes ? [n] : []))).toEqual([4, 9, 11]);
  });

  it('costs each of 2,000 rows no look at all the messages before it', () => {
    let looks = 0;
    const start = Date.parse('2026-11-23T10:00:00Z');
    const messages = Array.from({ length: 2_000 }, (_one, n) => {
      const { at, ...rest } = message(n, start + n);
      return {
        ...rest,
        get at() {
          looks++;
          return at;
        },
      };
    });
    for (const index of messages.keys()) rowAt(messages, index, [], undefined);
    expect(looks).toBeLessThan(20 * messages.length);
  });

  it('begins again at the line "new"', () => {
    const start = Date.parse('2026-11-23T10:00:00Z');
    const all = rows(
      Array.from({ length: 8 }, (_one, n) => start + n * MINUTE),
      2,
    );
    expect(all.flatMap(({ opens }, n) => (opens ? [n] : []))).toEqual([0, 2, 7]);
    expect(all.flatMap(({ closes }, n) => (closes ? [n] : []))).toEqual([1, 6, 7]);
  });
});

describe('Heading of a day', () => {
  it.each([
    ['25', '2026-10-25', '2026-10-24T22:10:00Z', '2026-10-25T22:50:00Z', '2026-10-25T23:10:00Z'],
    ['23', '2026-03-29', '2026-03-28T23:10:00Z', '2026-03-29T21:50:00Z', '2026-03-29T22:10:00Z'],
  ])('is shown once on a day of %s hours (%s)', (_hours, _day, first, last, next) => {
    expect(new Date('2026-07-01T00:00:00Z').getHours()).toBe(2);
    expect(rows([first, last, next].map((at) => Date.parse(at))).map(({ newDay }) => newDay)).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('is shown again on the same day of another month', () => {
    const times = ['2026-09-23T10:00:00Z', '2026-10-23T10:00:00Z'].map((at) => Date.parse(at));
    expect(rows(times).map(({ newDay }) => newDay)).toEqual([true, true]);
  });
});
