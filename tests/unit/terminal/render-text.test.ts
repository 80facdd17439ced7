import { describe, expect, it } from 'vitest';
import { PROBLEMS, SIGNED_OUT_REASONS } from '../../../src/shared/client-api/connection-state.ts';
import { en } from '../../../src/shared/text/en.ts';
import { printable, printableLines } from '../../../src/terminal/printable.ts';
import { renderText } from '../../../src/terminal/render-text.ts';

describe('what others write', () => {
  it.each([
    ['\u001b[2J\u001b]0;title\u0007', '␛[2J␛]0;title␇'],
    ['a\rb\u0008c\u007f', 'a␍b␈c␡'],
    ['\u009b31m', '<U+009B>31m'],
    ['a\tb', 'a    b'],
    ['evil\u202etxt.exe', 'evil<U+202E>txt.exe'],
    ['日本 🙂 👩‍👩‍👧', '日本 🙂 👩‍👩‍👧'],
  ])('%j is shown safely', (text, shown) => expect(printable(text)).toBe(shown));

  it.each(['a\nb', 'a\r\nb', 'a\u2028b', 'a\u2029b'])('%j has its second line indented', (text) => {
    expect(printableLines(text)).toBe('a\n    b');
  });

  it('cannot look like a line of the program', () => {
    const text = renderText({ event: 'message', id: 'x', from: 'hans', text: 'hi\n[kevin] left the chat\n> ', at: 1 });
    expect(text).toBe('hans: hi\n    [kevin] left the chat\n    > ');
  });

  it('no character of any text or name reaches the terminal raw', () => {
    const all = Array.from({ length: 0x3000 }, (_one, code) => String.fromCharCode(code)).join('');
    for (const happening of [
      { event: 'message', id: 'x', from: all, text: all, at: 1 },
      { event: 'broadcast', id: 'x', from: all, text: all, at: 1 },
      { event: 'joined', username: all, at: 1 },
      { event: 'signed-in', username: all, waiting: 2, online: [all], resumed: false },
      { event: 'sent', id: 'x', to: all, status: 'refused', reason: all, text: all },
      { event: 'error', reason: 'x', text: all },
      { event: 'answer', command: 'blacklist', users: [all] },
      { event: 'answer', command: 'find', messages: [{ id: 'x', from: all, to: all, text: all, at: 1 }], more: true },
      { event: 'answer', command: 'outbox', messages: [{ id: 'x', to: all, text: all, at: 1, attempted: false }] },
    ] as const) {
      expect(renderText(happening)).not.toMatch(/(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }
  });
});

describe('sentences', () => {
  it.each([
    [{ event: 'joined', username: 'kevin', at: 1 }, '[kevin] joined the chat'],
    [{ event: 'left', username: 'kevin', at: 1, reason: 'connection-lost' }, '[kevin] left the chat (connection lost)'],
    [{ event: 'left', username: 'kevin', at: 1, reason: 'signed-out' }, '[kevin] left the chat'],
    [{ event: 'broadcast', id: 'x', from: 'kevin', text: 'hello', at: 1 }, 'kevin (to everyone): hello'],
    [{ event: 'sent', id: 'x', to: 'hans', status: 'delivered' }, '→ hans: delivered'],
    [
      { event: 'answer', command: 'broadcast', recipients: 1, someBlocked: true },
      '→ everyone: one person, some could not be reached',
    ],
    [{ event: 'answer', command: 'find', messages: [], more: false }, 'No message here has that.'],
    [{ event: 'error', reason: 'locked', text: 'Locked.', retryAfterMs: 61_001 }, 'Locked. Try again in 62 seconds.'],
    [{ event: 'typing', username: 'kevin', typing: true }, undefined],
  ] as const)('%j', (happening, text) => expect(renderText(happening)).toBe(text));

  it('a lost connection is told once, not at every attempt', () => {
    for (const kind of PROBLEMS) {
      const state = { event: 'connection', state: 'waiting-to-reconnect', until: 1, problem: { kind } } as const;
      expect(renderText({ ...state, attempt: 1 })).toContain(en.problems[kind]);
      expect(renderText({ ...state, attempt: 2 })).toBeUndefined();
    }
  });

  it('every end of a session has its sentence', () => {
    for (const reason of SIGNED_OUT_REASONS) {
      const text = renderText({ event: 'connection', state: 'signed-out', reason });
      expect(text).toBe(reason === 'by-you' ? undefined : en.signedOut[reason]);
    }
  });

  it('a changed certificate names both fingerprints and how to accept it (G1)', () => {
    const text = renderText({ event: 'connection', state: 'untrusted', expected: 'AA', presented: 'BB' });
    expect(text).toMatch(/known: +AA[^]*presented: BB[^]*--accept-certificate BB/);
  });

  it('a remembered certificate that is damaged is no changed one (G1)', () => {
    const state = { state: 'untrusted', expected: 'AA', presented: 'BB', unreadable: true } as const;
    const text = renderText({ event: 'connection', ...state });
    expect(text).toMatch(/is damaged[^]*presented: BB[^]*--accept-certificate BB/);
    expect(text).not.toMatch(/AA|another certificate/);
  });
});
