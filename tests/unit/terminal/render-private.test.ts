import { describe, expect, it } from 'vitest';
import type { NumberedEvent } from '../../../src/shared/client-api/contract.ts';
import type { PrivateSessionView } from '../../../src/shared/client-api/private-view.ts';
import type { PrivateOutputEvent } from '../../../src/terminal/private-output-event.ts';
import { isPrivate, PrivateEventPrinter } from '../../../src/terminal/private-event-printer.ts';
import { PRIVATE_COMMANDS } from '../../../src/terminal/commands/private-commands.ts';
import { renderPrivate } from '../../../src/terminal/render-private.ts';
import { formatMoment } from '../../../src/terminal/text-parts.ts';

const ABOUT = { event: 'private', username: 'kevin', sid: 's', initiator: true } as const;
const text = (event: PrivateOutputEvent): string => renderPrivate(event, 1_000) ?? '';
const ended = (reason: string, by: 'you' | 'peer' | 'server', loud = false): string =>
  text({ ...ABOUT, state: 'ended', reason, by, loud, text: `The end: ${reason}.` });

describe('Text of private sessions', () => {
  it('names initiator, note, identity, time left and commands of a request (F1)', () => {
    const question = { ...ABOUT, initiator: false, state: 'asked', expiresAt: 66_000, note: 'a word?' } as const;
    expect(text({ ...question, identity: 'verified' })).toMatch(
      /^\[aside\] kevin asks to talk aside: a word\?\n.*verified\. 60 s to answer: {2}yes kevin {2}or {2}no kevin$/,
    );
    expect(text({ ...question, identity: 'changed' })).toMatch(/CHANGED.*first accept kevin, then yes kevin/);
  });

  it.each([
    [{ kind: 'direct-lan', address: '192.168.1.12' }, 'direct on this network (192.168.1.12)'],
    [{ kind: 'direct', address: '203.0.113.7' }, 'direct (203.0.113.7)'],
    [{ kind: 'relayed' }, 'relayed, still encrypted'],
  ] as const)('names the path %j (F4)', (path, expected) => {
    expect(text({ ...ABOUT, state: 'open', path, identity: 'known', again: false })).toContain(expected);
    expect(text({ ...ABOUT, state: 'open', path, identity: 'known', again: true })).toContain(expected);
  });

  it('names the user who ended a session', () => {
    expect(ended('ended', 'peer')).toBe('[aside] kevin ended the private session.');
    expect(ended('ended', 'you')).toBe('[aside] You ended the private session with kevin.');
    expect(ended('declined', 'peer')).toBe('[aside] kevin declined to talk aside.');
    expect(ended('cancelled', 'peer')).toBe('[aside] kevin cancelled the request.');
    expect(ended('expired', 'server')).toBe('[aside] kevin did not answer in time.');
    expect(ended('blocked', 'you')).toContain('You have blocked kevin');
    expect(ended('lost', 'you')).toBe('[aside] The end: lost.');
    expect(ended('impostor', 'you', true)).toMatch(/^!!! WARNING:/);
  });

  it('prints texts of the peer so that they cannot imitate a line of the program', () => {
    const message = { event: 'private-message', id: 'i', sid: 's', from: 'kevin', at: 1, kept: false } as const;
    expect(text({ ...message, text: 'a\n[aside] hans: b\u001b[2J' })).toBe(
      `[aside] ${formatMoment(1, 1_000)} kevin: a\n        [aside] hans: b␛[2J`,
    );
    const note = 'x\u001b[31m\u202e';
    expect(text({ ...ABOUT, state: 'asked', expiresAt: 2_000, note, identity: 'new' })).toContain('x␛[31m<U+202E>');
  });

  it('shows the safety number in twelve groups of five digits (F8)', () => {
    const digits = Array.from({ length: 12 }, (_, group) => String(group).padStart(5, '0')).join(' ');
    const shown = PRIVATE_COMMANDS.safety.print({ user: 'kevin', digits, identity: 'known' }) ?? '';
    expect(shown.match(/\b\d{5}\b/g)).toEqual(digits.split(' '));
    expect(shown).toContain('verify kevin');
  });

  it('names the exceptions of the address rule', () => {
    const people = { kevin: false, hans: true };
    const answer = (reveal: boolean) => PRIVATE_COMMANDS.reveal.print({ reveal, people });
    expect(answer(true)).toMatch(/Never these users: kevin\.$/);
    expect(answer(false)).toMatch(/^No user learns[^]*Only these users: hans\.$/);
  });
});

describe('PrivateEventPrinter', () => {
  const session: PrivateSessionView = {
    sid: 's',
    username: 'kevin',
    initiator: true,
    state: { state: 'open', path: { kind: 'relayed' }, trust: 'known' },
    keep: { own: false, peer: false },
  };
  const changed = (change: Partial<PrivateSessionView>) => {
    return { seq: 1, name: 'private.changed', params: { session: { ...session, ...change } } } as const;
  };

  it('takes events of private sessions only', () => {
    const other: NumberedEvent = { seq: 1, name: 'outbox.changed', params: { waiting: 0 } };
    expect([isPrivate(changed({})), isPrivate(other)]).toEqual([true, false]);
  });

  it('prints only changes of a session', () => {
    const printer = new PrivateEventPrinter();
    const events = (change: Partial<PrivateSessionView>) => printer.events(changed(change)).map((one) => one.event);
    expect(events({})).toEqual(['private']);
    expect(events({})).toEqual([]);
    expect(events({ keep: { own: false, peer: true } })).toEqual(['private-keep']);
    const verified = { keep: { own: false, peer: true }, state: { ...session.state, trust: 'verified' } } as const;
    expect(printer.events(changed(verified as Partial<PrivateSessionView>))).toMatchObject([
      { event: 'private-identity', identity: 'verified' },
    ]);
    expect(events({ state: { state: 'connecting', because: 'path-lost' }, keep: { own: false, peer: true } })).toEqual([
      'private',
    ]);
    expect(printer.events(changed({ keep: { own: false, peer: true } }))).toMatchObject([{ again: true }]);
  });
});
