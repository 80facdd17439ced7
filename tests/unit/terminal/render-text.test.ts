import { describe, expect, it } from 'vitest';
import { PROBLEMS, SIGNED_OUT_REASONS } from '../../../src/shared/client-api/connection-state.ts';
import { en } from '../../../src/shared/text/en.ts';
import { printable, printableLines } from '../../../src/terminal/printable.ts';
import { renderText } from '../../../src/terminal/render-text.ts';

const NOW = new Date(2026, 10, 23, 10, 30).getTime();

describe('Texts of other users', () => {
  it.each([
    ['\u001b[2J\u001b]0;title\u0007', '␛[2J␛]0;title␇'],
    ['a\rb\u0008c\u007f', 'a␍b␈c␡'],
    ['\u009b31m', '<U+009B>31m'],
    ['a\tb', 'a    b'],
    ['evil\u202etxt.exe', 'evil<U+202E>txt.exe'],
    ['日本 🙂 👩‍👩‍👧', '日本 🙂 👩‍👩‍👧'],
  ])('are printed without control characters: %j', (text, shown) => expect(printable(text)).toBe(shown));

  it.each(['a\nb', 'a\r\nb', 'a\u2028b', 'a\u2029b'])('have an indented second line: %j', (text) => {
    expect(printableLines(text)).toBe('a\n    b');
  });

  it('cannot imitate a line of the program', () => {
    const text = renderText(
      { event: 'message', id: 'x', from: 'hans', text: 'hi\n[kevin] left the chat\n> ', at: NOW },
      NOW,
    );
    expect(text).toBe('10:30 hans: hi\n    [kevin] left the chat\n    > ');
  });

  it('never reach the terminal with a control character, in any event', () => {
    const all = Array.from({ length: 0x3000 }, (_one, code) => String.fromCharCode(code)).join('');
    for (const event of [
      { event: 'message', id: 'x', from: all, text: all, at: 1 },
      { event: 'broadcast', id: 'x', from: all, text: all, at: 1 },
      { event: 'joined', username: all, at: 1 },
      { event: 'signed-in', username: all, waiting: 2, online: [all], resumed: false },
      { event: 'sent', id: 'x', to: all, status: 'refused', reason: all, text: all },
      { event: 'error', reason: 'x', text: all },
      { event: 'answer', command: 'blacklist', result: { users: [all] } },
      {
        event: 'answer',
        command: 'find',
        result: { messages: [{ id: 'x', from: all, to: all, text: all, at: 1 }], more: true },
      },
      {
        event: 'answer',
        command: 'outbox',
        result: { messages: [{ id: 'x', to: all, text: all, at: 1, attempted: false }] },
      },
    ] as const) {
      expect(renderText(event)).not.toMatch(/(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }
  });
});

describe('Text of an output event', () => {
  it.each([
    [{ event: 'joined', username: 'kevin', at: NOW }, '10:30 [kevin] joined the chat'],
    [
      { event: 'left', username: 'kevin', at: NOW, reason: 'connection-lost' },
      '10:30 [kevin] left the chat (connection lost)',
    ],
    [
      { event: 'left', username: 'kevin', at: NOW - 86_400_000, reason: 'signed-out' },
      'Sun 10:30 [kevin] left the chat',
    ],
    [
      { event: 'broadcast', id: 'x', from: 'kevin', text: 'hello', at: NOW - 30 * 86_400_000 },
      '24 Oct 10:30 kevin (to everyone): hello',
    ],
    [{ event: 'sent', id: 'x', to: 'hans', status: 'delivered' }, '→ hans: delivered'],
    [
      { event: 'answer', command: 'broadcast', result: { recipients: 1, someBlocked: true } },
      '→ everyone: sent to 1 user; some users were not reached',
    ],
    [{ event: 'answer', command: 'find', result: { messages: [], more: false } }, 'No message matches.'],
    [
      { event: 'error', reason: 'wrong-credentials', text: 'Locked.', retryAfterMs: 60_000, attemptsLeft: 0 },
      'Locked. Try again in 60 seconds.',
    ],
    [
      { event: 'clock', offset: 180_000 },
      'The clock of this computer is 3 minutes slow. Aside shows the times of the server.',
    ],
    [{ event: 'error', reason: 'locked', text: 'Locked.', retryAfterMs: 61_001 }, 'Locked. Try again in 62 seconds.'],
    [{ event: 'typing', username: 'kevin', typing: true }, undefined],
  ] as const)('is a sentence: %j', (event, text) => expect(renderText(event, NOW)).toBe(text));

  it('reports a lost connection once, not at every attempt', () => {
    for (const kind of PROBLEMS) {
      const state = { event: 'connection', state: 'waiting-to-reconnect', until: 1, problem: { kind } } as const;
      expect(renderText({ ...state, attempt: 1 })).toContain(en.problems[kind]);
      expect(renderText({ ...state, attempt: 2 })).toBeUndefined();
    }
  });

  it('has the sentence of the catalogue for every end of a session', () => {
    for (const reason of SIGNED_OUT_REASONS) {
      const text = renderText({ event: 'connection', state: 'signed-out', reason });
      expect(text).toBe(reason === 'by-you' ? undefined : en.signedOut[reason]);
    }
  });

  it('names both fingerprints of a changed certificate and how to accept it (G1)', () => {
    const text = renderText({ event: 'connection', state: 'untrusted', expected: 'AA', presented: 'BB' });
    expect(text).toMatch(/known: +AA[^]*presented: BB[^]*--accept-certificate BB/);
  });

  it('distinguishes a damaged remembered certificate from a changed one (G1)', () => {
    const state = { state: 'untrusted', expected: 'AA', presented: 'BB', unreadable: true } as const;
    const text = renderText({ event: 'connection', ...state });
    expect(text).toMatch(/is damaged[^]*presented: BB[^]*--accept-certificate BB/);
    expect(text).not.toMatch(/AA|another certificate/);
  });
});
