import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SERVER_PARAMS } from '../../../src/shared/protocol/messages.ts';
import { LATEST_TIME } from '../../../src/shared/protocol/time.ts';
import { Format } from '../../../src/shared/text/format.ts';
import { desktopText } from '../../../src/shared/text/shell.ts';

const any = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(
    Number.MAX_SAFE_INTEGER,
    -Number.MAX_SAFE_INTEGER,
    8.64e15,
    8.64e15 + 1,
    LATEST_TIME,
    2 ** 31,
    2 ** 53,
  ),
);

describe('Format', () => {
  const format = new Format('en');

  it('gives a text for every number as time, now and duration (G11)', () => {
    const words = { today: 'Today', yesterday: 'Yesterday' };
    fc.assert(
      fc.property(any, any, (at, now) => {
        const texts = [
          format.time(at),
          format.machine(at),
          format.exact(at),
          format.hour(at),
          format.weekday(at),
          format.day(at, now, words),
          format.brief(at, now),
          format.moment(at, now),
          format.timestamp(at, now),
          format.minutesAgo(at, now),
          format.clock(at),
          format.number(at),
          desktopText.tray.disturb(at),
        ];
        for (const text of texts) expect(text).not.toBe('');
      }),
    );
  });
});

describe('Notification of the server', () => {
  const message = { n: 1, id: '018f4e2a-7b1c-7d3e-8f90-a1b2c3d4e5f6', from: 'hans', text: 'hi', stored: false };

  it.each([Number.MAX_SAFE_INTEGER, LATEST_TIME + 1, -1, 0.5])('is refused with the time %d (G11)', (at) => {
    expect(SERVER_PARAMS['message.new'].safeParse({ ...message, at }).success).toBe(false);
  });

  it('is accepted with the last time of the year 9999', () => {
    expect(new Date(LATEST_TIME).toISOString()).toBe('9999-12-31T23:59:59.999Z');
    expect(SERVER_PARAMS['message.new'].safeParse({ ...message, at: LATEST_TIME }).success).toBe(true);
  });

  it('asks for no longer wait than a timer can last (G11)', () => {
    const ended = SERVER_PARAMS['session.ended'].parse({
      reason: 'server-stopping',
      retryAfterMs: Number.MAX_SAFE_INTEGER,
    });
    expect(ended.retryAfterMs).toBe(2 ** 31 - 1);
  });
});
